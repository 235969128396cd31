import { trimmedMean } from './trimmedMean.ts'

/**
 * The median, coordinate by coordinate; of an even number the mean of the middle two. It is the
 * trimmed mean with the largest possible cut.
 *
 * @see arXiv 1803.01498 (Yin et al. 2018), Definition 1
 */
export const median = trimmedMean(Infinity)

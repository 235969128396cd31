import { trimmedMean } from './trimmedMean.ts'

/**
 * Coordinate by coordinate, the median; of an even number the mean of the middle two. It is the
 * trimmed mean that cuts all it can.
 *
 * @see arXiv 1803.01498 (Yin et al. 2018), Definition 1
 */
export const median = trimmedMean(Infinity)

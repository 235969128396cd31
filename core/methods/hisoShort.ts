/**
 * HiSo with scalars of four bits, and so with eight times as many directions for the same bytes.
 * With P directions an update's noise is about d / P times the gradient, whatever the scalars' last
 * digits say; rounding them to 15 levels adds a few hundredths of that.
 *
 * Ours. Scalars of reduced precision are common in compressed federated learning; spending what
 * they save on directions, up and down, is what this method is. It measures eight times as many
 * losses a round.
 */
export { hiso as hisoShort } from './hiso.ts'

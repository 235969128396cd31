/**
 * HiSo with scalars of four bits, and so with eight times as many directions for the same bytes.
 * With P directions the noise of an update is about d / P times the gradient, whatever the last
 * digits of the scalars; rounding them to 15 levels adds a few hundredths of that.
 *
 * Ours. Scalars of reduced precision are common in compressed federated learning. This method
 * spends what they save on more directions, up and down. It measures eight times as many losses a
 * round.
 */
export { hiso as hisoShort } from './hiso.ts'

/**
 * FedAvg: participants take steps of SGD, the server averages.
 *
 * @see arXiv 1602.05629, Algorithm 1
 *
 * Differs: every participant has the same weight, as in the scalar-only methods, and not one by its
 * number of samples.
 */
import { uncorrected } from './drift.ts'
import { trueGradient } from './localGradient.ts'
import { averaging } from './serverOptimiser.ts'
import type { VectorPieces } from './vectorMethod.ts'

export const fedavg = (settings: { readonly serverLearningRate: number }): VectorPieces => ({
  gradient: trueGradient,
  drift: uncorrected,
  server: averaging(settings.serverLearningRate),
})

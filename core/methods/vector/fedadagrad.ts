/**
 * FedAdagrad: the server's steps shrink with the sum of all squared updates so far.
 *
 * @see arXiv 2003.00295, Algorithm 2, with β₁ = 0
 */
import type { FedAdagradSettings } from '../../config/index.ts'
import { fedavg } from './fedavg.ts'
import { adaptive } from './serverOptimiser.ts'
import type { VectorPieces } from './vectorMethod.ts'

export const fedadagrad = (settings: FedAdagradSettings): VectorPieces => ({
  ...fedavg(settings),
  server: adaptive({
    secondMomentFormula: String.raw`v \leftarrow v + \Delta^2`,
    ...settings,
    firstMoment: 0,
    secondMoment: (v, square) => v + square,
  }),
})

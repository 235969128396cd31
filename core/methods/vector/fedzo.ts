/**
 * FedZO: FedAvg with zeroth-order local steps. Each client has its own directions, so their sum
 * must be sent whole.
 *
 * @see arXiv 2201.09531, Algorithm 1
 *
 * Differs: directions lie on the sphere of radius √d, not 1, so that μ and η mean what they do
 * elsewhere (μ here is μ/√d there); one minibatch serves all directions of a local step.
 */
import type { FedZoSettings } from '../../config/index.ts'
import { uncorrected } from './drift.ts'
import { zerothOrderGradient } from './localGradient.ts'
import { averaging } from './serverOptimiser.ts'
import type { VectorPieces } from './vectorMethod.ts'

export const fedzo = (settings: FedZoSettings): VectorPieces => ({
  gradient: zerothOrderGradient(settings),
  drift: uncorrected,
  server: averaging(settings.serverLearningRate),
})

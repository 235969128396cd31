/**
 * FedAvgM: FedAvg with momentum at the server.
 *
 * @see arXiv 1909.06335, section 4.3
 */
import type { FedAvgMSettings } from '../../config/index.ts'
import { fedavg } from './fedavg.ts'
import { heavyBall } from './serverOptimiser.ts'
import type { VectorPieces } from './vectorMethod.ts'

export const fedavgm = (settings: FedAvgMSettings): VectorPieces => ({
  ...fedavg(settings),
  server: heavyBall(settings.serverMomentum, settings.serverLearningRate),
})

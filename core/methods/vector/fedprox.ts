/**
 * FedProx: FedAvg whose participants are pulled back to the model that they received.
 *
 * @see arXiv 1812.06127, Algorithm 2
 *
 * Differs: a fixed number of SGD steps solves the local problem, not a given inexactness.
 */
import type { FedProxSettings } from '../../config/index.ts'
import { proximal } from './drift.ts'
import { fedavg } from './fedavg.ts'
import type { VectorPieces } from './vectorMethod.ts'

export const fedprox = (settings: FedProxSettings): VectorPieces => ({
  ...fedavg(settings),
  drift: proximal(settings.proximalWeight),
})

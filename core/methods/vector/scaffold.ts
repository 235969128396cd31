/**
 * SCAFFOLD: control variates remove from each local gradient what is peculiar to its client. Model
 * and control variate go down, the changes of both come up: twice FedAvg's bytes.
 *
 * @see arXiv 1910.06378, Algorithm 1, option II
 *
 * Differs: with a compressed uplink a client keeps the change as the server reads it, so that c
 * stays the mean of all c_i.
 */
import { controlVariates } from './drift.ts'
import { fedavg } from './fedavg.ts'
import type { VectorPieces } from './vectorMethod.ts'

export const scaffold = (settings: { readonly serverLearningRate: number }): VectorPieces => ({
  ...fedavg(settings),
  drift: controlVariates,
})

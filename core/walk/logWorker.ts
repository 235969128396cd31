/**
 * A worker that has the log and nothing else: no model, no data. Its H is the run's, as a learned
 * H follows from the log alone; its x is what the log has added to an unknown beginning.
 */
import type { AnyReplica, RoundWorker } from '../federation/index.ts'
import { decodeFrames } from '../wire/index.ts'

export function createLogWorker(replica: AnyReplica): RoundWorker {
  const unknown = () => Promise.reject(new Error('the log alone holds no model and no samples'))
  return {
    losses: unknown,
    sampleLosses: unknown,
    curvature: unknown,
    model: unknown,
    train: unknown,
    evaluate: unknown,
    adopt: unknown,
    stateHash: () => Promise.resolve(''),
    apply(frames) {
      for (const message of decodeFrames(frames)) replica.apply(message)
      return Promise.resolve()
    },
    params: () => Promise.resolve(replica.params.slice()),
    hessian: () => Promise.resolve(replica.hessian.slice()),
    snapshot: () => Promise.resolve(undefined),
    close: () => Promise.resolve(),
  }
}

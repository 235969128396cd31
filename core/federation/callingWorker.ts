/**
 * A `RoundWorker` that is called by name: on this side a function that carries calls away, on the
 * other one that makes them. What lies between, a thread's port or a network, is not known here.
 */
import type { RoundWorker } from './worker.ts'

export type WorkerMethod = keyof RoundWorker

const methods: Readonly<Record<WorkerMethod, true>> = {
  apply: true,
  losses: true,
  sampleLosses: true,
  curvature: true,
  model: true,
  train: true,
  evaluate: true,
  stateHash: true,
  params: true,
  hessian: true,
  snapshot: true,
  adopt: true,
  close: true,
}

/** Carries a call to the worker and its answer back. Calls arrive in the order of asking. */
export type WorkerCall = (method: WorkerMethod, args?: readonly unknown[]) => Promise<unknown>

/** @param close what ends the worker, and the way to it */
export function callingWorker(call: WorkerCall, close: () => Promise<void>): RoundWorker {
  return {
    apply: (frames) => call('apply', [frames]),
    losses: (order) => call('losses', [order]),
    sampleLosses: (order) => call('sampleLosses', [order]),
    curvature: (order) => call('curvature', [order]),
    model: () => call('model'),
    train: (order) => call('train', [order]),
    evaluate: (from, to) => call('evaluate', [from, to]),
    stateHash: () => call('stateHash'),
    params: () => call('params'),
    hessian: () => call('hessian'),
    snapshot: () => call('snapshot'),
    adopt: (state) => call('adopt', [state]),
    close,
  } as RoundWorker
}

export const isWorkerMethod = (name: unknown): name is WorkerMethod =>
  typeof name === 'string' && Object.hasOwn(methods, name)

/** The other side of a `WorkerCall`. */
export function askWorker(
  worker: RoundWorker,
  method: WorkerMethod,
  args: readonly unknown[],
): Promise<unknown> {
  const callable = worker as unknown as Record<
    WorkerMethod,
    (...args: readonly unknown[]) => Promise<unknown>
  >
  return callable[method](...args)
}

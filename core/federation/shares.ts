/** How the forward passes of a local step are cut into pieces of work. */
import { lossCount, type LossCall } from './worker.ts'

/** A run of calls, and the index of its first loss among all. */
export interface Share {
  readonly calls: readonly LossCall[]
  readonly from: number
}

/**
 * The calls in order, in shares that get smaller towards the end, so that workers finish together
 * whatever the speed of each core. Neighbouring calls stay together, as they concern the same
 * client or direction.
 */
export function* sharesOf(calls: readonly LossCall[], workers: number): Generator<Share, void> {
  const total = batchesOf(calls)
  let from = 0
  let next = 0
  while (next < calls.length) {
    const wanted = workers === 1 ? total : (total - from) / (2 * workers)
    const first = next
    let batches = 0
    do batches += lossCount(calls[next++]!)
    while (next < calls.length && batches + lossCount(calls[next]!) / 2 <= wanted)
    yield { calls: calls.slice(first, next), from }
    from += batches
  }
}

export function batchesOf(calls: readonly LossCall[]): number {
  return calls.reduce((sum, call) => sum + lossCount(call), 0)
}

/**
 * The state of a replica in memory that all workers of a process share: x and H are there once, and
 * a round's update is dealt out among the workers, chunk of coordinates by chunk. What becomes of a
 * coordinate follows from its own past, the seeds and the scalars alone, so nobody can tell
 * afterwards who updated what.
 *
 * Invariant: while anybody reads x or H, nobody updates them. `WorkerPool` sees to it: all have
 * caught up before one is asked.
 */
import { HisoError } from '../base/index.ts'
import type { ReplicaPlan } from './replicaPlan.ts'

/**
 * Elements of a chunk: enough to hide that it was claimed, few enough that workers end together; a
 * multiple of a replica's stretch.
 */
const defaultChunkLength = 65_536

/** Plain data that structured clone takes; its arrays stay where they are. */
export interface SharedState {
  /** x, float32[d] */
  readonly params: Float32Array
  /** H, float32[d] */
  readonly hessian: Float32Array
  /** v, float32[d], with momentum */
  readonly velocity: Float32Array | undefined
  /** Of each chunk the rounds that were applied to it, or −1 − w while worker w is at it. */
  readonly progress: Int32Array
  readonly chunkLength: number
  /** Room for directions, float32[d] each. */
  readonly kept: readonly Float32Array[]
  /** See `SharedDirections`. */
  readonly keptAt: Int32Array
}

/** The part in a shared state of one worker, and of those that replace it when it dies. */
export interface WorkerSlot {
  readonly state: SharedState
  /** w */
  readonly workerIndex: number
}

/**
 * A state in which worker 0 is at every chunk: what it does first is to write x_0.
 * @throws HisoError MEMORY_EXHAUSTED
 */
export function createSharedState(
  { dim, method, keptDirections }: Pick<ReplicaPlan, 'dim' | 'method' | 'keptDirections'>,
  chunkLength = defaultChunkLength,
): SharedState {
  return {
    params: sharedVector(dim),
    hessian: sharedVector(dim),
    velocity: method.momentum > 0 ? sharedVector(dim) : undefined,
    progress: sharedWords(Math.ceil(dim / chunkLength)).fill(-1),
    chunkLength,
    kept: Array.from({ length: keptDirections }, () => sharedVector(dim)),
    keptAt: sharedWords(keptDirections),
  }
}

/**
 * Writes x_0, with H = 1, wherever this worker's predecessor was at work when it died. The log
 * leads on from there.
 * @param initial writes x_0 to a float32[d]
 */
export function restoreChunks(
  { state, workerIndex }: WorkerSlot,
  initial: (out: Float32Array) => void,
): void {
  const { params, hessian, velocity, progress } = state
  const claimed = progress.filter((at) => at === claimOf(workerIndex)).length
  if (claimed === 0) return
  // Where all is to be written, as at the beginning, a second vector is saved.
  const start = claimed === progress.length ? params : new Float32Array(params.length)
  initial(start)
  for (const chunk of progress.keys()) {
    if (Atomics.load(progress, chunk) !== claimOf(workerIndex)) continue
    const [from, to] = boundsOf(state, chunk)
    if (start !== params) params.set(start.subarray(from, to), from)
    hessian.fill(1, from, to)
    velocity?.fill(0, from, to)
    Atomics.store(progress, chunk, 0)
  }
}

/**
 * The chunks, as [from, to), that stand at a round and that no other worker has claimed: each is
 * this worker's until the next is asked for, and stands one round further then. Whoever holds a
 * chunk comes to it again at its next entry, so none is left behind.
 */
export function* chunksAt(
  { state, workerIndex }: WorkerSlot,
  round: number,
): Generator<readonly [number, number], void> {
  const { progress } = state
  for (const chunk of progress.keys()) {
    if (Atomics.compareExchange(progress, chunk, round, claimOf(workerIndex)) !== round) continue
    yield boundsOf(state, chunk)
    Atomics.store(progress, chunk, round + 1)
  }
}

function boundsOf({ params, chunkLength }: SharedState, chunk: number): readonly [number, number] {
  const from = chunk * chunkLength
  return [from, Math.min(params.length, from + chunkLength)]
}

const claimOf = (workerIndex: number) => -1 - workerIndex

function sharedVector(length: number): Float32Array {
  try {
    return new Float32Array(new SharedArrayBuffer(4 * length))
  } catch (cause) {
    throw new HisoError('MEMORY_EXHAUSTED', {
      what: `a vector of ${length} float32 (${4 * length} bytes) does not fit in memory`,
      remedy: 'Choose a smaller model or fewer trainable parameters (for instance LoRA)',
      cause,
    })
  }
}

const sharedWords = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length))

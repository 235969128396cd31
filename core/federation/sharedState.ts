/**
 * The state of a replica in memory that all workers of a process share. x and H exist once, and the
 * workers divide a round's update, chunk of coordinates by chunk. A coordinate's update depends
 * only on its own past, the seeds and the scalars, so it does not matter who updates what.
 *
 * Invariant: nobody updates x or H while somebody reads them. `WorkerPool` ensures it: all workers
 * catch up before one gets a request.
 */
import { HisoError } from '../base/index.ts'
import type { ReplicaPlan } from './replicaPlan.ts'

/**
 * Elements of a chunk: enough to hide the cost of claiming it, few enough that workers end
 * together; a multiple of a replica's stretch.
 */
const defaultChunkLength = 65_536

/** Plain data that structured clone accepts; its arrays are shared, not copied. */
export interface SharedState {
  /** x, float32[d] */
  readonly params: Float32Array
  /** H, float32[d] */
  readonly hessian: Float32Array
  /** v, float32[d], with momentum */
  readonly velocity: Float32Array | undefined
  /** For each chunk the rounds applied to it, or −1 − w while worker w updates it. */
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
 * A state in which worker 0 has claimed every chunk: its first task is to write x_0.
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
 * Writes x_0, with H = 1, to the chunks that this worker's predecessor was updating when it died.
 * The log continues from there.
 * @param initial writes x_0 to a float32[d]
 */
export function restoreChunks(
  { state, workerIndex }: WorkerSlot,
  initial: (out: Float32Array) => void,
): void {
  const { params, hessian, velocity, progress } = state
  const claimed = progress.filter((at) => at === claimOf(workerIndex)).length
  if (claimed === 0) return
  // If everything is to be written, as at the beginning, this saves a second vector.
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
 * The chunks, as [from, to), that are at a round and that no other worker has claimed. Each belongs
 * to this worker until it asks for the next, and is then one round further. The holder of a chunk
 * returns to it at its next entry, so no chunk is left behind.
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

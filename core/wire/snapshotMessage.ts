/**
 * A snapshot: the state of a replica after some rounds, for a client that would otherwise replay
 * them. The only message of a scalar-only method whose size depends on d.
 */
import { corrupt, type ByteReader, type ByteWriter } from './bytes.ts'
import { changeableSettings, type ChangeableSetting } from './changeableSettings.ts'
import { frameBytes, varintBytes } from './vectorCodec.ts'

/** A setting that was changed in the rounds before, and its value since. */
export interface ChangedSetting {
  readonly setting: ChangeableSetting
  readonly value: number
}

/**
 * Server to client: a part of the state before round r. The vectors stand one behind the other, and
 * each part holds a stretch of these n · d numbers.
 */
export interface Snapshot {
  readonly type: 'snapshot'
  /** r: the rounds that the state has behind it. */
  readonly round: number
  /** At most one of each setting, in the order of `changeableSettings`. */
  readonly changed: readonly ChangedSetting[]
  /** n: x, then H and the velocity where the method has them. */
  readonly vectors: number
  /** d */
  readonly dim: number
  /** Index of the part's first number. */
  readonly from: number
  readonly numbers: Float32Array
}

/** The state of a replica, as a snapshot holds it. */
export interface ReplicaState {
  readonly round: number
  readonly changed: readonly ChangedSetting[]
  /** x, then H and the velocity where the method has them, float32[d] each. */
  readonly vectors: readonly Float32Array[]
}

/** Numbers in one frame: half a MiB, half of what a broker takes. */
export const snapshotPartLength = 2 ** 17

/** Of a changed setting: which one, and its value. */
const changedBytes = 1 + 8

export function writeSnapshot(to: ByteWriter, snapshot: Snapshot): void {
  to.uint8(snapshot.changed.length)
  for (const { setting, value } of snapshot.changed) {
    to.uint8(changeableSettings.indexOf(setting))
    to.float64(value)
  }
  to.varint(snapshot.vectors)
  to.varint(snapshot.dim)
  to.varint(snapshot.from)
  to.float32s(snapshot.numbers)
}

export function readSnapshot(from: ByteReader, round: number): Snapshot {
  const changed: ChangedSetting[] = []
  let before = -1
  for (let left = from.uint8(); left > 0; left--) {
    const index = from.uint8()
    const setting = changeableSettings[index]
    if (setting === undefined || index <= before)
      throw corrupt('a snapshot names an unknown setting, or settings out of order')
    before = index
    changed.push({ setting, value: from.float64() })
  }
  const vectors = from.varint()
  const dim = from.varint()
  const first = from.varint()
  const length = lengthOfPart(vectors * dim, first)
  if (from.remaining !== 4 * length || length <= 0)
    throw corrupt('a part of a snapshot has another length than it should')
  const numbers = from.float32s(length)
  return { type: 'snapshot', round, changed, vectors, dim, from: first, numbers }
}

function lengthOfPart(all: number, from: number): number {
  return from % snapshotPartLength === 0 ? Math.min(snapshotPartLength, all - from) : 0
}

/** The parts of a state, in order. */
export function* snapshotParts({ round, changed, vectors }: ReplicaState): Generator<Snapshot> {
  const dim = vectors[0]!.length
  const all = vectors.length * dim
  for (let from = 0; from < all; from += snapshotPartLength) {
    const numbers = new Float32Array(lengthOfPart(all, from))
    for (const [at, vector] of vectors.entries()) {
      const begin = Math.max(from, at * dim)
      const end = Math.min(from + numbers.length, (at + 1) * dim)
      if (begin < end) numbers.set(vector.subarray(begin - at * dim, end - at * dim), begin - from)
    }
    yield { type: 'snapshot', round, changed, vectors: vectors.length, dim, from, numbers }
  }
}

/** How many vectors a snapshot holds, and how long each is. */
export interface SnapshotShape {
  /** n */
  readonly vectors: number
  /** d */
  readonly dim: number
}

/** Puts the parts of one snapshot together, as they arrive. */
export class SnapshotParts {
  readonly #shape: SnapshotShape
  #first: Snapshot | undefined
  #numbers = new Float32Array()
  #length = 0

  constructor(shape: SnapshotShape) {
    this.#shape = shape
  }

  /**
   * @returns the state, with its last part; a part that does not continue the ones before is passed
   *   over
   * @throws HisoError WIRE_CORRUPT for a snapshot of another shape
   */
  add(part: Snapshot): ReplicaState | undefined {
    const { vectors, dim } = this.#shape
    if (part.vectors !== vectors || part.dim !== dim)
      throw corrupt(
        `a snapshot of ${part.vectors} vectors of ${part.dim} numbers does not fit a model of ${vectors} times ${dim}`,
      )
    if (part.from === 0) this.#begin(part)
    const first = this.#first
    if (first?.round !== part.round || part.from !== this.#length) return undefined
    this.#numbers.set(part.numbers, part.from)
    this.#length += part.numbers.length
    if (this.#length < this.#numbers.length) return undefined
    this.#first = undefined
    const { round, changed } = first
    const vectorAt = (at: number) => this.#numbers.subarray(at * dim, (at + 1) * dim)
    return { round, changed, vectors: Array.from({ length: vectors }, (_, at) => vectorAt(at)) }
  }

  #begin(part: Snapshot): void {
    this.#first = part
    this.#numbers = new Float32Array(part.vectors * part.dim)
    this.#length = 0
  }
}

/** Bytes of all frames of a snapshot. @param changed how many settings were changed */
export function snapshotFrameBytes(
  round: number,
  { vectors, dim }: SnapshotShape,
  changed: number,
): number {
  const head =
    varintBytes(round) + 1 + changed * changedBytes + varintBytes(vectors) + varintBytes(dim)
  const all = vectors * dim
  let bytes = 0
  for (let from = 0; from < all; from += snapshotPartLength)
    bytes += frameBytes(head + varintBytes(from) + 4 * lengthOfPart(all, from))
  return bytes
}

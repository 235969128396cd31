/**
 * Where directions stay between their uses within a round: in a replica's own memory, or where all
 * workers of a process find them.
 */
import type { SharedState } from './sharedState.ts'

/** A direction's key is k·P + p. */
export interface KeptDirections {
  /**
   * Forgets the directions of any other round.
   * @param position messages of the log that lie behind: settings may have changed since a round
   *   was gathered in vain
   */
  start(position: number): void
  /** z, float32[d], if it was kept. */
  find(key: number): Float32Array | undefined
  /** Where to write a z that is worth keeping, float32[d], if there is room. */
  room(key: number): Float32Array | undefined
  /** The room of this key holds all of z now. */
  add(key: number): void
}

/** First come, first kept. */
export class OwnDirections implements KeptDirections {
  readonly #slots: readonly Float32Array[]
  readonly #kept = new Map<number, Float32Array>()

  /** @param slots float32[d] each */
  constructor(slots: readonly Float32Array[]) {
    this.#slots = slots
  }

  start(): void {
    this.#kept.clear()
  }

  find(key: number): Float32Array | undefined {
    return this.#kept.get(key)
  }

  room(): Float32Array | undefined {
    return this.#slots[this.#kept.size]
  }

  add(key: number): void {
    this.#kept.set(key, this.#slots[this.#kept.size]!)
  }
}

/**
 * The first directions of a round, each with its room. `keptAt` says of which moment they are: one
 * more than the position in the log. Two workers that make the same one at the same time write the
 * same bits.
 */
export class SharedDirections implements KeptDirections {
  readonly #slots: readonly Float32Array[]
  readonly #keptAt: Int32Array
  #moment = 1

  constructor({ kept, keptAt }: Pick<SharedState, 'kept' | 'keptAt'>) {
    this.#slots = kept
    this.#keptAt = keptAt
  }

  start(position: number): void {
    this.#moment = position + 1
  }

  find(key: number): Float32Array | undefined {
    const slot = this.#slots[key]
    return slot !== undefined && Atomics.load(this.#keptAt, key) === this.#moment ? slot : undefined
  }

  room(key: number): Float32Array | undefined {
    return this.#slots[key]
  }

  add(key: number): void {
    Atomics.store(this.#keptAt, key, this.#moment)
  }
}

/**
 * Where directions stay between their uses within a round: in a replica's own memory, or shared by
 * all workers of a process.
 */
import type { SharedState } from './sharedState.ts'

/** A direction's key is k·P + p. */
export interface KeptDirections {
  /**
   * Forgets the directions of any other round.
   * @param position number of applied messages: settings may have changed since a round was
   *   gathered and discarded
   */
  start(position: number): void
  /** z, float32[d], if it is kept. */
  find(key: number): Float32Array | undefined
  /** Where to write a z worth keeping, float32[d], if there is room. */
  room(key: number): Float32Array | undefined
  /** Marks the room of this key as complete. */
  add(key: number): void
}

/** Keeps the first directions that come. */
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
 * The first directions of a round, each with its room. `keptAt` records the moment: one more than
 * the position in the log. Two workers that make the same direction at the same time write the same
 * bits.
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

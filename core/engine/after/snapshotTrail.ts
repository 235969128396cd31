/**
 * States that a replay has passed, now and then one: a worker goes back to the nearest and applies
 * the few rounds from there. The log stays the truth; a trail only saves applying it again.
 */
import type { ReplicaSnapshot } from '../../federation/index.ts'

/** Of a trail of 64 the next round is at most R / 64 rounds away. */
const mostSnapshots = 64
const trailBytes = 128 * 2 ** 20

export class SnapshotTrail {
  readonly #every: number
  readonly #snapshots = new Map<number, ReplicaSnapshot>()

  /**
   * @param rounds R, of the whole run
   * @param dim d; a state is up to three vectors of it
   */
  constructor(rounds: number, dim: number) {
    const room = Math.min(mostSnapshots, Math.floor(trailBytes / (12 * dim)))
    this.#every = room === 0 ? Infinity : Math.max(1, Math.ceil(rounds / room))
  }

  /** Where a replay that stands at `from` is to stop next, on its way to `to`. */
  next(from: number, to: number): number {
    return Math.min(to, (Math.floor(from / this.#every) + 1) * this.#every)
  }

  keep(snapshot: ReplicaSnapshot | undefined): void {
    if (snapshot !== undefined && snapshot.rounds % this.#every === 0)
      this.#snapshots.set(snapshot.rounds, snapshot)
  }

  /** The latest up to a round; undefined if there is none that is later than `after`. */
  before(round: number, after = -1): ReplicaSnapshot | undefined {
    const at = Math.floor(round / this.#every) * this.#every
    for (let rounds = at; rounds > after; rounds -= this.#every) {
      const snapshot = this.#snapshots.get(rounds)
      if (snapshot !== undefined) return snapshot
    }
    return undefined
  }

  has(rounds: number): boolean {
    return this.#snapshots.has(rounds)
  }
}

/**
 * States that a replay has passed, now and then one: a worker goes back to the nearest and applies
 * the few rounds from there. The log stays the truth; a trail only saves applying it again.
 */
import type { ReplicaSnapshot } from '../../federation/index.ts'

/** Of a trail of 64 the next round is at most R / 64 rounds away. */
const mostStates = 64
const trailBytes = 128 * 2 ** 20

/**
 * Rounds between two states of a run; Infinity where not one has room.
 * @param rounds R, of the whole run
 * @param stateBytes of one state
 */
export function roundsBetween(rounds: number, stateBytes: number, room = trailBytes): number {
  const most = Math.min(mostStates, Math.floor(room / stateBytes))
  return most === 0 ? Infinity : Math.max(1, Math.ceil(rounds / most))
}

export class SnapshotTrail {
  readonly #every: number
  readonly #snapshots = new Map<number, ReplicaSnapshot>()

  /** See `roundsBetween`. */
  constructor(rounds: number, stateBytes: number) {
    this.#every = roundsBetween(rounds, stateBytes)
  }

  /** Where a replay that stands at `from` is to stop next, on its way to `to`. */
  next(from: number, to: number): number {
    return Math.min(to, (Math.floor(from / this.#every) + 1) * this.#every)
  }

  keep(snapshot: ReplicaSnapshot): void {
    if (this.lacks(snapshot.rounds)) this.#snapshots.set(snapshot.rounds, snapshot)
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

  /** Whether a state after so many rounds belongs to the trail, and is not there. */
  lacks(rounds: number): boolean {
    return rounds % this.#every === 0 && !this.#snapshots.has(rounds)
  }
}

/**
 * Up to which round each chart of a run goes. Charts follow a run in their own time, so that
 * drawing them costs it nothing; one that stays behind the figures for long says its round.
 */

/** Milliseconds behind the figures from which people take a chart for another round's. */
const noticedMs = 1500

interface Reach {
  readonly round: number
  /** When the run was first seen to have gone on; undefined while it has not. */
  overtakenAt?: number
  /** Whether it stayed behind for long until it was drawn last. */
  readonly wasLate: boolean
}

export class ChartReach {
  readonly #reaches = new Map<string, Reach>()

  forget(): void {
    this.#reaches.clear()
  }

  /** @param now here and below: milliseconds */
  drew(id: string, round: number, now: number): void {
    const last = this.#reaches.get(id)
    if (last?.round === round) return
    this.#reaches.set(id, { round, wasLate: last !== undefined && isLate(last, now) })
  }

  /**
   * Of the charts that stay behind, by their ids. One that always does is among them even when it
   * was drawn just now: what people read beside it does not come and go.
   *
   * @param newest the round of the figures
   */
  behind(newest: number, now: number, isRunning: boolean): ReadonlyMap<string, number> {
    const found = new Map<string, number>()
    for (const [id, reach] of this.#reaches) {
      if (reach.round < newest) reach.overtakenAt ??= now
      if (isLate(reach, now) || (isRunning && reach.wasLate)) found.set(id, reach.round)
    }
    return found
  }
}

function isLate({ overtakenAt }: Reach, now: number): boolean {
  return overtakenAt !== undefined && now - overtakenAt > noticedMs
}

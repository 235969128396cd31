/**
 * How far the x axis of a growing run reaches: a little beyond its newest round, and then it stands
 * still until the run has got there. With an axis that moves with every round, every round would
 * have the whole chart drawn again.
 */

/** Milliseconds of the run for which there is room. */
const aheadMs = 2000
/** Room that is this many times what is needed was for a faster run: it is taken back. */
const excess = 4
/** Rows over which the speed is taken. */
const speedRows = 50

export class LiveExtent {
  #to = -Infinity

  /**
   * @param x of every row so far, ascending from 0
   * @param elapsedMs of every row
   * @param most where the run ends, as far as that is known
   * @returns where the axis ends: never before the newest x, never more than twice as far
   */
  reach(x: Float64Array, elapsedMs: Float64Array, most = Infinity): number {
    const last = x.at(-1)
    if (last === undefined) return 1
    const ahead = Math.min(last, speedOf(x, elapsedMs) * aheadMs)
    if (!(last <= this.#to && this.#to - last <= excess * ahead))
      this.#to = Math.max(last, Math.min(most, last + ahead))
    return this.#to
  }

  /** For another run, or another x. */
  forget(): void {
    this.#to = -Infinity
  }
}

/** x per millisecond, lately; 0 while there is too little to say. */
function speedOf(x: Float64Array, elapsedMs: Float64Array): number {
  const last = x.length - 1
  const first = Math.max(0, last - speedRows)
  const took = elapsedMs[last]! - elapsedMs[first]!
  return took > 0 ? (x[last]! - x[first]!) / took : 0
}

/**
 * How fast a run goes: rounds per second over its last few seconds, so that the time left follows
 * when the pace changes.
 */

const windowMs = 5_000

export class Pace {
  /**
   * Moments with the rounds done by then, the oldest first; the first is the start of the window.
   */
  readonly #marks: { readonly at: number; readonly rounds: number }[] = []

  start(now: number, rounds: number): void {
    this.#marks.splice(0, Infinity, { at: now, rounds })
  }

  advance(now: number, rounds: number): void {
    this.#marks.push({ at: now, rounds })
    let old = 0
    while (old < this.#marks.length - 2 && this.#marks[old + 1]!.at < now - windowMs) old++
    this.#marks.splice(0, old)
  }

  /** Undefined until time has passed. */
  get roundsPerSecond(): number | undefined {
    const first = this.#marks[0]
    const last = this.#marks.at(-1)
    if (first === undefined || last === undefined || last.at <= first.at) return undefined
    return ((last.rounds - first.rounds) / (last.at - first.at)) * 1000
  }
}

/**
 * How fast bytes come: over the last few seconds, so that the time left follows when the line gets
 * slower.
 */

const windowMs = 5_000

export class TransferRate {
  /** The oldest first; the first is the start of the window. */
  readonly #marks: { readonly at: number; readonly bytes: number }[] = []

  /** @param bytes that have come since the start, over the network */
  note(at: number, bytes: number): void {
    this.#marks.push({ at, bytes })
    let old = 0
    while (old < this.#marks.length - 2 && this.#marks[old + 1]!.at < at - windowMs) old++
    this.#marks.splice(0, old)
  }

  /** Undefined until time has passed. */
  get bytesPerSecond(): number | undefined {
    const first = this.#marks[0]
    const last = this.#marks.at(-1)
    if (first === undefined || last === undefined || last.at <= first.at) return undefined
    return ((last.bytes - first.bytes) / (last.at - first.at)) * 1000
  }
}

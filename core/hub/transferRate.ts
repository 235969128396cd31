/**
 * The speed of a download over the last few seconds, so that the remaining time follows a slower
 * line.
 */

const windowMs = 5_000

export class TransferRate {
  /** The oldest first; the first marks the start of the window. */
  readonly #marks: { readonly at: number; readonly bytes: number }[] = []

  /** @param bytes received over the network since the start */
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

/** A column computed from growing columns: each value once, when it is new. */
export class GrowingColumn {
  readonly #valueAt: (at: number, previous: number) => number
  #values = new Float64Array(1024)
  #length = 0

  /** @param valueAt the value at an index, given the one before it (0 before the first) */
  constructor(valueAt: (at: number, previous: number) => number) {
    this.#valueAt = valueAt
  }

  /** @returns a view of `length` values */
  extend(length: number): Float64Array {
    if (length < this.#length) this.#length = 0
    if (length > this.#values.length) {
      const grown = new Float64Array(Math.max(length, this.#values.length * 2))
      grown.set(this.#values.subarray(0, this.#length))
      this.#values = grown
    }
    for (let at = this.#length; at < length; at++)
      this.#values[at] = this.#valueAt(at, at === 0 ? 0 : this.#values[at - 1]!)
    this.#length = length
    return this.#values.subarray(0, length)
  }
}

/** Exponential moving averages of growing columns: only what is new is computed. */

/**
 * A debiased exponential moving average: s_t = β s_{t−1} + (1 − β) y_t, divided by 1 − β^t, so that
 * it does not start at zero. What is NaN is passed over and stays NaN.
 */
export class MovingAverage {
  readonly #weight: number
  #values = new Float64Array(1024)
  #length = 0
  #sum = 0
  #correction = 1

  /** @param weight β in [0, 1): of the past */
  constructor(weight: number) {
    this.#weight = weight
  }

  /** Averages of a column that has only grown since the last call. */
  extend(column: Float64Array): Float64Array {
    // A column that became shorter was thinned or replaced.
    if (column.length < this.#length) this.#reset()
    if (column.length > this.#values.length) {
      const grown = new Float64Array(Math.max(column.length, this.#values.length * 2))
      grown.set(this.#values.subarray(0, this.#length))
      this.#values = grown
    }
    for (let at = this.#length; at < column.length; at++) {
      const value = column[at]!
      if (Number.isNaN(value)) {
        this.#values[at] = NaN
        continue
      }
      this.#sum = this.#weight * this.#sum + (1 - this.#weight) * value
      this.#correction *= this.#weight
      this.#values[at] = this.#sum / (1 - this.#correction)
    }
    this.#length = column.length
    return this.#values.subarray(0, this.#length)
  }

  #reset(): void {
    this.#length = 0
    this.#sum = 0
    this.#correction = 1
  }
}

export function smooth(column: Float64Array, weight: number): Float64Array {
  return weight === 0 ? column : new MovingAverage(weight).extend(column)
}

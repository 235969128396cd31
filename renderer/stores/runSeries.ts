/** The metrics of one run in growing typed columns: rows are appended as they arrive, readers get views without a copy. */
import type { MetricSeries } from '../../core/engine/index.ts'
import { metricColumns, type MetricsRow } from '../../core/runs/metrics.ts'

type Columns = Record<keyof MetricSeries, Float64Array<ArrayBuffer>>

const firstCapacity = 256

export class RunSeries {
  #columns: Columns
  #length = 0

  constructor(from?: MetricSeries) {
    this.#columns = allocate(firstCapacity)
    if (from !== undefined) this.replace(from)
  }

  /** Rounds held. Row i is round i + 1. */
  get length(): number {
    return this.#length
  }

  /** @returns false where the row leaves a gap: then the caller reads the run again. A row that is known already replaces itself. */
  append(row: MetricsRow): boolean {
    const index = row.round - 1
    if (index > this.#length) return false
    if (index === this.#capacity) this.#grow(index + 1)
    for (const column of metricColumns) this.#columns[column][index] = row[column] ?? Number.NaN
    this.#length = Math.max(this.#length, index + 1)
    return true
  }

  replace(series: MetricSeries): void {
    const { length } = series.round
    if (length > this.#capacity) this.#grow(length)
    for (const column of metricColumns) this.#columns[column].set(series[column])
    this.#length = length
  }

  /** Drops the rounds from `length` on: a resumed run may have lost its last ones. */
  truncate(length: number): void {
    this.#length = Math.min(this.#length, length)
  }

  /** The columns so far. Views: they stay right for their rounds, later rounds need a new call. */
  view(): MetricSeries {
    return Object.fromEntries(
      metricColumns.map((column) => [column, this.#columns[column].subarray(0, this.#length)]),
    ) as unknown as MetricSeries
  }

  /** The newest measured value of a column, undefined if there is none. */
  latest(column: keyof MetricSeries): number | undefined {
    for (let index = this.#length - 1; index >= 0; index--) {
      const value = this.#columns[column][index]!
      if (!Number.isNaN(value)) return value
    }
    return undefined
  }

  get #capacity(): number {
    return this.#columns.round.length
  }

  #grow(atLeast: number): void {
    const grown = allocate(Math.max(atLeast, this.#capacity * 2))
    for (const column of metricColumns)
      grown[column].set(this.#columns[column].subarray(0, this.#length))
    this.#columns = grown
  }
}

function allocate(capacity: number): Columns {
  return Object.fromEntries(
    metricColumns.map((column) => [column, new Float64Array(capacity)]),
  ) as Columns
}

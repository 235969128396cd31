/**
 * The metrics of one run in growing typed columns: rows are appended as they arrive, readers get
 * views without a copy. However long a run is, a bounded number of rows is held: all of them up to
 * `rowLimit`, of more the newest and those that tell of the older ones.
 */
import type { MetricSeries } from '../../core/engine/index.ts'
import { metricColumns, type MetricColumn, type MetricsRow } from '../../core/runs/index.ts'
import { sums, type RunColumns, type SumColumn } from '../../figures/index.ts'
import { rowsWorthKeeping, stretchOf } from './thinning.ts'

const sumColumns = Object.keys(sums) as SumColumn[]
const seriesColumns = [...metricColumns, ...sumColumns]

type Columns = Record<keyof RunColumns, Float64Array<ArrayBuffer>>

/**
 * Rows that are held at most: 10 MB a run. Every round of a run that is no longer than this is
 * there.
 */
export const rowLimit = 65_536

const firstCapacity = 256

export class RunSeries {
  readonly #limit: number
  #columns: Columns = allocate(firstCapacity)
  #length = 0
  #thinnings = 0

  /** @param limit rows held at most, a power of two */
  constructor(from?: MetricSeries, limit = rowLimit) {
    this.#limit = limit
    if (from !== undefined) this.replace(from)
  }

  /** Rounds that were told of, whether or not their rows are held: the newest one's always is. */
  get rounds(): number {
    return this.#length === 0 ? 0 : this.#columns.round[this.#length - 1]!
  }

  /** Rows held. */
  get length(): number {
    return this.#length
  }

  /**
   * How often older rows were let go: what was computed from earlier views row by row is to be
   * computed anew when it rises.
   */
  get thinnings(): number {
    return this.#thinnings
  }

  /**
   * @returns false where the row leaves a gap: then the caller reads the run again. A row that is
   *   known already changes nothing.
   */
  append(row: MetricsRow): boolean {
    const next = this.rounds + 1
    if (row.round === next) this.#add((column) => row[column] ?? Number.NaN)
    return row.round <= next
  }

  /** Takes over all rows of a run, from its first round on. */
  replace(series: MetricSeries): void {
    if (this.#length > 0) this.#thinnings++
    this.#length = 0
    const { length } = series.round
    this.#reserve(Math.min(length, this.#limit))
    if (length > this.#limit) {
      for (let at = 0; at < length; at++) this.#add((column) => series[column][at]!)
      return
    }
    for (const column of metricColumns) this.#columns[column].set(series[column])
    for (let at = 0; at < length; at++) this.#sum(at)
    this.#length = length
  }

  /**
   * Drops the rounds behind the first `rounds`: a resumed run may have lost its last ones. Where
   * that row is not held, more go.
   */
  truncate(rounds: number): void {
    const { round } = this.#columns
    while (this.#length > 0 && round[this.#length - 1]! > rounds) this.#length--
  }

  /**
   * The columns so far. Views: they stay right for their rounds until rows are let go, later rounds
   * need a new call.
   */
  view(): RunColumns {
    return Object.fromEntries(
      seriesColumns.map((column) => [column, this.#columns[column].subarray(0, this.#length)]),
    ) as unknown as RunColumns
  }

  /** The newest measured value of a column, undefined if there is none. */
  latest(column: MetricColumn): number | undefined {
    for (let index = this.#length - 1; index >= 0; index--) {
      const value = this.#columns[column][index]!
      if (!Number.isNaN(value)) return value
    }
    return undefined
  }

  #add(valueOf: (column: MetricColumn) => number): void {
    if (this.#length === this.#limit) this.#thin()
    this.#reserve(this.#length + 1)
    const at = this.#length
    for (const column of metricColumns) this.#columns[column][at] = valueOf(column)
    this.#sum(at)
    this.#length++
  }

  #sum(at: number): void {
    for (const column of sumColumns)
      this.#columns[column][at] =
        (at === 0 ? 0 : this.#columns[column][at - 1]!) + this.#columns[sums[column]][at]!
  }

  /** Into new columns: views that somebody holds stay as they are. */
  #thin(): void {
    const kept = rowsWorthKeeping(this.view(), stretchOf(this.rounds, this.#limit))
    const thinned = allocate(this.#limit)
    for (const column of seriesColumns) {
      const from = this.#columns[column]
      const to = thinned[column]
      for (let at = 0; at < kept.length; at++) to[at] = from[kept[at]!]!
    }
    this.#columns = thinned
    this.#length = kept.length
    this.#thinnings++
  }

  #reserve(atLeast: number): void {
    const capacity = this.#columns.round.length
    if (atLeast <= capacity) return
    const grown = allocate(Math.min(this.#limit, Math.max(atLeast, capacity * 2)))
    for (const column of seriesColumns)
      grown[column].set(this.#columns[column].subarray(0, this.#length))
    this.#columns = grown
  }
}

function allocate(capacity: number): Columns {
  return Object.fromEntries(
    seriesColumns.map((column) => [column, new Float64Array(capacity)]),
  ) as Columns
}

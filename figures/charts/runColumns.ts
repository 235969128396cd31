/** A run's metrics as columns, with the sums that charts draw beside them. */
import {
  metricColumns,
  type Columns,
  type MetricColumn,
  type MetricsRow,
} from '../../core/runs/index.ts'

/** Sums over all rounds, also over those whose rows are not held. */
export const sums = {
  cumulativePaperBytes: 'paperBytes',
  cumulativeParticipants: 'participants',
} as const satisfies Readonly<Record<string, MetricColumn>>

export type SumColumn = keyof typeof sums

/**
 * One element per row held. `round` counts from one and rises; behind a long run's newest rows it
 * leaves rounds out.
 */
export type RunColumns = Columns & { readonly [Column in SumColumn]: Float64Array }

/** Columns of all rows of a run; NaN where nothing was measured. */
export function runColumnsOf(rows: readonly MetricsRow[]): RunColumns {
  const columns = Object.fromEntries(
    metricColumns.map((column) => [column, Float64Array.from(rows, (row) => row[column] ?? NaN)]),
  ) as unknown as Columns
  return {
    ...columns,
    cumulativePaperBytes: runningSum(columns.paperBytes),
    cumulativeParticipants: runningSum(columns.participants),
  }
}

function runningSum(column: Float64Array): Float64Array {
  let sum = 0
  return column.map((value) => (sum += value))
}

/**
 * Rows of metrics as one array of numbers, for the way between threads: cloning an object costs
 * more than playing a small round.
 */
import { metricColumns, type MetricColumn, type MetricsRow } from './metrics.ts'

/**
 * @returns float64[rows × columns], row after row, the columns as in the file; NaN for values that
 *   were not measured
 */
export function packRows(rows: readonly MetricsRow[]): Float64Array<ArrayBuffer> {
  const packed = new Float64Array(rows.length * metricColumns.length)
  let at = 0
  for (const row of rows)
    for (const column of metricColumns) packed[at++] = row[column] ?? Number.NaN
  return packed
}

/** The packed rows, except that a loss measured as NaN comes back as not measured. */
export function unpackRows(packed: Float64Array): MetricsRow[] {
  const rows: MetricsRow[] = []
  for (let start = 0; start < packed.length; start += metricColumns.length) {
    const row: Partial<Record<MetricColumn, number | undefined>> = {}
    metricColumns.forEach((column, at) => {
      const value = packed[start + at]!
      row[column] = Number.isNaN(value) ? undefined : value
    })
    rows.push(row as MetricsRow)
  }
  return rows
}

/**
 * `metrics.csv`: one row per round, written during the run and readable in a spreadsheet meanwhile.
 */
import { HisoError } from '../base/index.ts'

/**
 * The columns, in the order of the file; new ones go to the end. docs/run-format.md describes each.
 */
export const metricColumns = [
  'round',
  'trainLoss',
  'testLoss',
  'testAccuracy',
  'uplinkBytes',
  'downlinkBytes',
  'catchUpBytes',
  'cumulativeUplinkBytes',
  'cumulativeDownlinkBytes',
  'elapsedMs',
  'participants',
  'answered',
  'perturbations',
  'learningRate',
  'forwardPasses',
  'cumulativeForwardPasses',
  'paperBytes',
  'epsilon',
  'exactMatch',
  'f1',
  'rougeL',
] as const
export type MetricColumn = (typeof metricColumns)[number]

/** Measured on held-out samples, if the task has them. */
export const qualityColumns = ['testLoss', 'testAccuracy', 'exactMatch', 'f1', 'rougeL'] as const

export type QualityColumn = (typeof qualityColumns)[number]

type OptionalColumn = QualityColumn | 'trainLoss' | 'epsilon'

/** One row; `round` counts from one, and values that were not measured are undefined. */
export type MetricsRow = { readonly [Column in Exclude<MetricColumn, OptionalColumn>]: number } & {
  readonly [Column in OptionalColumn]: number | undefined
}

/** Names of the metrics that are shares: the larger, the better. */
export const qualityTitles = {
  testAccuracy: 'accuracy',
  exactMatch: 'exact match',
  f1: 'F1',
  rougeL: 'ROUGE-L',
} as const satisfies Partial<Record<QualityColumn, string>>

/** The quality of a model; undefined if it was not measured. */
export type Quality = Pick<MetricsRow, QualityColumn>

const optionalColumns: ReadonlySet<string> = new Set([
  ...qualityColumns,
  'trainLoss',
  'epsilon',
] satisfies OptionalColumn[])

/** The number of columns in the first version; columns that a file lacks count as not measured. */
const oldestColumns = metricColumns.indexOf('paperBytes') + 1

export const metricsHeader = `${metricColumns.join(',')}\n`

/** Numbers in full precision: the shortest digits that read back as the same float64. */
export function formatRow(row: MetricsRow): string {
  return `${metricColumns.map((column) => row[column] ?? '').join(',')}\n`
}

export interface MetricsReading {
  readonly rows: readonly MetricsRow[]
  /** ends[i] is the byte length of the file up to and including row i; all characters are ASCII. */
  readonly ends: readonly number[]
}

/**
 * Reads the whole rows of a metrics file; leaves out an unfinished last line.
 * @param where the file, for messages
 * @throws HisoError RUN_CORRUPT naming the line
 */
export function readMetrics(text: string, where: string): MetricsReading {
  if (metricsHeader.startsWith(text)) return { rows: [], ends: [] }
  const header = text.slice(0, text.indexOf('\n'))
  const isOurs = header.split(',').every((column, at) => column === metricColumns[at])
  if (!isOurs || header.split(',').length < oldestColumns)
    throw new HisoError('RUN_CORRUPT', {
      where,
      what: 'the first line is not the header of a metrics file',
    })
  const rows: MetricsRow[] = []
  const ends: number[] = []
  let start = header.length + 1
  for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
    rows.push(parseRow(text.slice(start, end), rows.length, where))
    start = end + 1
    ends.push(start)
  }
  return { rows, ends }
}

function parseRow(line: string, index: number, where: string): MetricsRow {
  const cells = line.split(',')
  const entries = metricColumns.map((column, at) => [column, parseCell(cells[at], column)] as const)
  const row = Object.fromEntries(entries) as unknown as MetricsRow
  const complete = entries.every(
    ([column, value]) => value !== undefined || optionalColumns.has(column),
  )
  // An older run that was resumed has longer rows than its header.
  const fits = cells.length >= oldestColumns && cells.length <= metricColumns.length
  if (!fits || !complete || row.round !== index + 1)
    throw new HisoError('RUN_CORRUPT', {
      where: `${where}, line ${index + 2}`,
      what: `this is not the row of round ${index + 1}`,
      remedy:
        'The log beside it is enough: hiso replay and hiso export --format onnx work without this file',
    })
  return row
}

function parseCell(cell: string | undefined, column: MetricColumn): number | undefined {
  if (cell === undefined || cell === '') return undefined
  const value = Number(cell)
  return Number.isNaN(value) && column === 'round' ? undefined : value
}

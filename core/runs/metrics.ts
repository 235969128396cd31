/**
 * `metrics.csv`: one row per round, written during the run and readable in a spreadsheet meanwhile.
 */
import { HisoError } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'

/** Columns that only the files of runs on a simulated network have. */
export const networkColumns = ['simulatedMs', 'late', 'broadcastBytes'] as const
type NetworkColumn = (typeof networkColumns)[number]

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
  ...networkColumns,
] as const
export type MetricColumn = (typeof metricColumns)[number]

/** Measured on held-out samples, if the task has them. */
export const qualityColumns = ['testLoss', 'testAccuracy', 'exactMatch', 'f1', 'rougeL'] as const

export type QualityColumn = (typeof qualityColumns)[number]

type OptionalColumn = QualityColumn | NetworkColumn | 'trainLoss' | 'epsilon'

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
  ...networkColumns,
] satisfies OptionalColumn[])

/** The number of columns in the first version; columns that a file lacks count as not measured. */
const oldestColumns = metricColumns.indexOf('paperBytes') + 1

const allColumns = `${metricColumns.join(',')}\n`

const columnsWithoutNetwork = metricColumns.slice(0, metricColumns.indexOf(networkColumns[0]))

/** The first line of a run's file. */
export function metricsHeader({ network }: Pick<RunConfig, 'network'>): string {
  return network.kind === 'none' ? `${columnsWithoutNetwork.join(',')}\n` : allColumns
}

/** A whole file. */
export function formatMetrics(
  config: Pick<RunConfig, 'network'>,
  rows: readonly MetricsRow[],
): string {
  return metricsHeader(config) + rows.map(formatRow).join('')
}

/**
 * Numbers in full precision: the shortest digits that read back as the same float64. What is no
 * number, as the loss of a model that has just diverged, is left empty.
 */
export function formatRow(row: MetricsRow): string {
  const columns = row.simulatedMs === undefined ? columnsWithoutNetwork : metricColumns
  return `${columns.map((column) => formatCell(row[column])).join(',')}\n`
}

function formatCell(value: number | undefined): string {
  return value === undefined || !Number.isFinite(value) ? '' : String(value)
}

export interface MetricsReading {
  readonly rows: readonly MetricsRow[]
  /** ends[i] is the byte length of the file up to and including row i; all characters are ASCII. */
  readonly ends: readonly number[]
  /** Set when a line is no row: `rows` are those before it. */
  readonly damage: HisoError | undefined
}

/**
 * Reads the whole rows of a metrics file; an unfinished last line is left out, also one that a
 * power cut has filled with zeros.
 * @param where the file, for messages
 */
export function readMetrics(text: string, where: string): MetricsReading {
  const headerEnd = text.indexOf('\n')
  const header = headerEnd < 0 ? withoutZeros(text) : text.slice(0, headerEnd)
  if (headerEnd < 0 && allColumns.startsWith(header))
    return { rows: [], ends: [], damage: undefined }
  const isOurs = header.split(',').every((column, at) => column === metricColumns[at])
  if (!isOurs || header.split(',').length < oldestColumns) {
    const damage = damaged(where, 'the first line is not the header of a metrics file', 0)
    return { rows: [], ends: [], damage }
  }
  const rows: MetricsRow[] = []
  const ends: number[] = []
  let start = headerEnd + 1
  for (let end = text.indexOf('\n', start); end >= 0; end = text.indexOf('\n', start)) {
    const row = parseRow(text.slice(start, end), rows.length)
    if (typeof row === 'string') {
      const line = `${where}, line ${rows.length + 2}`
      return { rows, ends, damage: damaged(line, row, rows.length) }
    }
    rows.push(row)
    start = end + 1
    ends.push(start)
  }
  return { rows, ends, damage: undefined }
}

/** Without what a power cut has filled its end with. */
function withoutZeros(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 0) end--
  return text.slice(0, end)
}

/** @param rounds that are whole before it */
function damaged(where: string, what: string, rounds: number): HisoError {
  return new HisoError('RUN_CORRUPT', {
    where,
    what,
    remedy: `The log beside it is what counts: hiso replay and hiso export --format onnx work without this file, and hiso resume --discard-damaged plays the rounds from ${rounds + 1} on again to make it anew`,
  })
}

/** @returns the row, or what is wrong with it */
function parseRow(line: string, index: number): MetricsRow | string {
  const cells = line.split(',')
  const strange = cells.findIndex((cell) => cell !== '' && !isNumber.test(cell))
  if (strange >= 0)
    return `${metricColumns[strange] ?? `column ${strange + 1}`} is no number: ${shown(cells[strange]!)}`
  const entries = metricColumns.map((column, at) => [column, parseCell(cells[at])] as const)
  const row = Object.fromEntries(entries) as unknown as MetricsRow
  const complete = entries.every(
    ([column, value]) => value !== undefined || optionalColumns.has(column),
  )
  // An older run that was resumed has longer rows than its header.
  const fits = cells.length >= oldestColumns && cells.length <= metricColumns.length
  if (!fits || !complete || row.round !== index + 1)
    return `this is not the row of round ${index + 1}`
  return row
}

/** As this program writes them. */
const isNumber = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/

/** The beginning of a cell, in characters that do nothing to a terminal. */
function shown(cell: string): string {
  return JSON.stringify(cell.length > 40 ? `${cell.slice(0, 40)}…` : cell)
}

function parseCell(cell: string | undefined): number | undefined {
  return cell === undefined || cell === '' ? undefined : Number(cell)
}

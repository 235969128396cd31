/** A run as TensorBoard's events: its metrics as scalars, H as histograms, its config as text. */
import { formatConfig, type RunConfig } from '../../config/index.ts'
import {
  histogramRecord,
  metricColumns,
  readWholeRun,
  scalarRecord,
  textRecord,
  versionRecord,
  type MetricsRow,
  type RunRecord,
} from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { readHessian, type HessianSnapshot } from './history.ts'

/** Moments of H in an event file. */
const snapshots = 24

/** The name of a run's event file: TensorBoard finds it by its first words. */
export function eventFileName(record: Pick<RunRecord, 'created'>): string {
  return `events.out.tfevents.${Math.floor(secondsOf(record))}.hiso`
}

/** The file of a run, piece by piece. @throws HisoError RUN_… */
export async function* runEvents(
  host: EngineHost,
  folder: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { config, record, rows } = await readWholeRun(host, folder)
  yield* openingEvents(config, record)
  for (const row of rows) yield roundEvent(row, record)
  for (const snapshot of await readHessian(host, folder, snapshots))
    yield hessianEvent(snapshot, record, rows)
}

export function openingEvents(
  config: RunConfig,
  record: Pick<RunRecord, 'created'>,
): Uint8Array<ArrayBuffer>[] {
  const wallTime = secondsOf(record)
  const text = formatConfig(config).replace(/^/gm, '    ')
  return [versionRecord(wallTime), textRecord({ wallTime, step: 0 }, 'config', text)]
}

/** Scalars in groups, as TensorBoard shows them: the part before the stroke is the group's name. */
export function roundEvent(
  row: MetricsRow,
  record: Pick<RunRecord, 'created'>,
): Uint8Array<ArrayBuffer> {
  const values = metricColumns.flatMap((column) => {
    const value = row[column]
    return column === 'round' || value === undefined || Number.isNaN(value)
      ? []
      : [[`${groupOf(column)}/${column}`, value] as const]
  })
  return scalarRecord(
    { wallTime: secondsOf(record) + row.elapsedMs / 1000, step: row.round },
    values,
  )
}

function groupOf(column: string): string {
  if (/loss|accuracy|match|f1|rouge/i.test(column)) return 'quality'
  return /bytes/i.test(column) ? 'bytes' : 'round'
}

/** The bins are equal in log10 H. */
function hessianEvent(
  { rounds, histogram, low, high, values }: HessianSnapshot,
  record: Pick<RunRecord, 'created'>,
  rows: readonly MetricsRow[],
): Uint8Array<ArrayBuffer> {
  const width = (high - low) / histogram.length
  const limits = Array.from(histogram, (_, bin) => 10 ** (low + width * (bin + 1)))
  const counts = Array.from(histogram)
  const middles = limits.map((_, bin) => 10 ** (low + width * (bin + 0.5)))
  const total = (of: (middle: number) => number) =>
    counts.reduce((sum, count, bin) => sum + count * of(middles[bin]!), 0)
  const elapsedMs = rows[rounds - 1]?.elapsedMs ?? 0
  return histogramRecord(
    { wallTime: secondsOf(record) + elapsedMs / 1000, step: rounds },
    'curvature/H',
    {
      low: values.at(-1) ?? 10 ** low,
      high: values[0] ?? 10 ** high,
      count: counts.reduce((sum, count) => sum + count, 0),
      sum: total((middle) => middle),
      sumOfSquares: total((middle) => middle * middle),
      limits,
      counts,
    },
  )
}

/** Seconds since 1970 of what a record says, without asking a clock. */
function secondsOf({ created }: Pick<RunRecord, 'created'>): number {
  return Date.parse(created) / 1000
}

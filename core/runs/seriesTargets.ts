/**
 * The cost of reaching a target, from columns: for one run, and for a group of runs that differ by
 * seed.
 */
import type { Reached, Target } from './compare.ts'
import { summarize, type SampleSummary } from './groupStatistics.ts'
import type { MetricColumn } from './metrics.ts'

/** Columns of metrics; NaN for values that were not measured. */
export type Columns = { readonly [Column in MetricColumn]: Float64Array }

/** The cost of reaching a target, over the runs of a group that reached it. */
export interface GroupReached {
  readonly runs: number
  readonly reached: number
  readonly rounds: SampleSummary
  /** Both directions together. */
  readonly bytes: SampleSummary
  readonly forwardPasses: SampleSummary
  readonly elapsedMs: SampleSummary
}

/** The first round whose measured value meets the target, or undefined if none does. */
export function reachInColumns(columns: Columns, { metric, value }: Target): Reached | undefined {
  const measured = columns[metric]
  const at = measured.findIndex((candidate) =>
    metric === 'testAccuracy' ? candidate >= value : candidate <= value,
  )
  if (at < 0) return undefined
  return {
    rounds: columns.round[at]!,
    uplinkBytes: columns.cumulativeUplinkBytes[at]!,
    downlinkBytes: columns.cumulativeDownlinkBytes[at]!,
    forwardPasses: columns.cumulativeForwardPasses[at]!,
    elapsedMs: columns.elapsedMs[at]!,
  }
}

export function groupReach(runs: readonly Columns[], target: Target): GroupReached {
  const reached = runs.flatMap((columns) => reachInColumns(columns, target) ?? [])
  return {
    runs: runs.length,
    reached: reached.length,
    rounds: summarize(reached.map(({ rounds }) => rounds)),
    bytes: summarize(reached.map(({ uplinkBytes, downlinkBytes }) => uplinkBytes + downlinkBytes)),
    forwardPasses: summarize(reached.map(({ forwardPasses }) => forwardPasses)),
    elapsedMs: summarize(reached.map(({ elapsedMs }) => elapsedMs)),
  }
}

/** The best value of a metric over a run; NaN if it was never measured. */
export function bestInColumns(columns: Columns, metric: Target['metric']): number {
  const sign = metric === 'testAccuracy' ? 1 : -1
  let best = NaN
  for (const value of columns[metric])
    if (!Number.isNaN(value) && !(sign * value <= sign * best)) best = value
  return best
}

/** The last measured value of a column; NaN if there is none. */
export function lastInColumn(column: Float64Array): number {
  for (let at = column.length - 1; at >= 0; at--) if (!Number.isNaN(column[at])) return column[at]!
  return NaN
}

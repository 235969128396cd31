/**
 * The cost of reaching a target, from columns: for one run, and for a group of runs that differ by
 * seed.
 */
import type { Reached, Target } from './compare.ts'
import { summarizeCosts, type CensoredSummary, type Cost } from './censored.ts'
import type { MetricColumn } from './metrics.ts'

/** Columns of metrics; NaN for values that were not measured. */
export type Columns = { readonly [Column in MetricColumn]: Float64Array }

/** A run on its way to a target. */
export interface ReachingRun {
  readonly columns: Columns
  /** Whether it has diverged, or ended by another error: it will never get there. */
  readonly hasFailed: boolean
}

export type TargetCost = 'rounds' | 'bytes' | 'forwardPasses' | 'elapsedMs' | 'simulatedMs'

/** The cost of reaching a target, over the runs of a group. */
export type GroupReached = {
  readonly runs: number
  readonly reached: number
} & { readonly [Name in TargetCost]: CensoredSummary }

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
    simulatedMs: knownOf(columns.simulatedMs[at]),
  }
}

const knownOf = (value: number | undefined) =>
  value === undefined || Number.isNaN(value) ? undefined : value

/** What a run needed to reach a target, or has spent without doing so; bytes of both directions. */
export function costsOf(
  { columns, hasFailed }: ReachingRun,
  target: Target,
): { readonly [Name in TargetCost]: Cost } {
  const found = reachInColumns(columns, target)
  const isReached = found !== undefined
  const cost = (needed: number | undefined, spent: number | undefined): Cost => ({
    isReached,
    value: needed ?? (hasFailed ? Infinity : (spent ?? 0)),
  })
  const last = columns.round.length - 1
  /** Without a network no time of it is enough. */
  const simulated = (at: Reached | undefined, spent: number | undefined): Cost =>
    spent === undefined ? { isReached: false, value: Infinity } : cost(at?.simulatedMs, spent)
  return {
    rounds: cost(found?.rounds, columns.round[last]),
    bytes: cost(
      found && found.uplinkBytes + found.downlinkBytes,
      (columns.cumulativeUplinkBytes[last] ?? 0) + (columns.cumulativeDownlinkBytes[last] ?? 0),
    ),
    forwardPasses: cost(found?.forwardPasses, columns.cumulativeForwardPasses[last]),
    elapsedMs: cost(found?.elapsedMs, columns.elapsedMs[last]),
    simulatedMs: simulated(found, knownOf(columns.simulatedMs[last])),
  }
}

export function groupReach(runs: readonly ReachingRun[], target: Target): GroupReached {
  const costs = runs.map((run) => costsOf(run, target))
  const of = (name: TargetCost) => summarizeCosts(costs.map((own) => own[name]))
  const rounds = of('rounds')
  return {
    runs: rounds.runs,
    reached: rounds.reached,
    rounds,
    bytes: of('bytes'),
    forwardPasses: of('forwardPasses'),
    elapsedMs: of('elapsedMs'),
    simulatedMs: of('simulatedMs'),
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

/**
 * What groups of runs come to: final and best values, and what they needed to reach the target,
 * beside the baseline.
 */
import {
  bestInColumns,
  groupReach,
  lastInColumn,
  summarize,
  type Columns,
  type GroupReached,
  type SampleSummary,
  type TargetMetric,
} from '../../core/runs/index.ts'
import type { RunGroup } from './grouping.ts'

export interface GroupResult {
  readonly group: RunGroup
  readonly isBaseline: boolean
  readonly final: SampleSummary
  readonly best: SampleSummary
  /** Undefined without a target. */
  readonly reached: GroupReached | undefined
  /**
   * How many times less than the baseline was needed; undefined for the baseline and where one of
   * them never got there.
   */
  readonly speedUp:
    { readonly rounds: number; readonly bytes: number; readonly time: number } | undefined
}

export function resultsOf(
  groups: readonly RunGroup[],
  columnsOf: (folder: string) => Columns | undefined,
  {
    metric,
    target,
    baseline,
  }: {
    readonly metric: TargetMetric
    readonly target: number | undefined
    /** The folder of a run in the baseline's group. */
    readonly baseline: string | null
  },
): GroupResult[] {
  const measured = groups.map((group) => {
    const columns = group.runs.flatMap(({ folder }) => columnsOf(folder) ?? [])
    return {
      group,
      isBaseline: group.runs.some(({ folder }) => folder === baseline),
      final: summarize(columns.map((own) => lastInColumn(own[metric]))),
      best: summarize(columns.map((own) => bestInColumns(own, metric))),
      reached: target === undefined ? undefined : groupReach(columns, { metric, value: target }),
    }
  })
  const base = measured.find(({ isBaseline }) => isBaseline)?.reached
  return measured.map((result) => ({
    ...result,
    speedUp: result.isBaseline ? undefined : speedUpOf(base, result.reached),
  }))
}

function speedUpOf(base: GroupReached | undefined, own: GroupReached | undefined) {
  if (base === undefined || own === undefined || base.reached === 0 || own.reached === 0)
    return undefined
  return {
    rounds: base.rounds.mean / own.rounds.mean,
    bytes: base.bytes.mean / own.bytes.mean,
    time: base.elapsedMs.mean / own.elapsedMs.mean,
  }
}

/**
 * The hardest value that every run reached: the worst of their bests; undefined if one never
 * measured it.
 */
export function commonTargetOf(runs: readonly Columns[], metric: TargetMetric): number | undefined {
  const bests = runs.map((columns) => bestInColumns(columns, metric))
  if (bests.length === 0 || bests.some(Number.isNaN)) return undefined
  const hardest = metric === 'testAccuracy' ? Math.min(...bests) : Math.max(...bests)
  // Rounded to the easier side, so that everybody still reaches it.
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(hardest) || 1)) - 2)
  const rounded = metric === 'testAccuracy' ? Math.floor(hardest / unit) : Math.ceil(hardest / unit)
  return Number((rounded * unit).toPrecision(6))
}

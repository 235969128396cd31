/** Several runs in one chart: their curves by group, as Compare draws them. */
import { tellingTarget, type TargetMetric } from '../../core/runs/index.ts'
import type { RunColumns } from '../charts/runColumns.ts'
import type { ChartModel, Scale } from '../model/chartModel.ts'
import type { XAxisName } from '../model/xAxis.ts'
import { compareChart, type BandKind } from './compareChart.ts'
import { CurveCache } from './curves.ts'
import { groupRuns, isStopped, type ComparedRun, type Grouping } from './grouping.ts'
import { reachingRuns } from './results.ts'

export interface LoadedRun extends ComparedRun {
  readonly columns: RunColumns
}

export interface ComparisonSettings {
  readonly metric: TargetMetric
  readonly x: XAxisName
  readonly xScale: Scale
  readonly yScale: Scale
  readonly smoothing: number
  readonly band: BandKind
  readonly grouping: Grouping
  /** Undefined takes one that tells the groups apart. */
  readonly target: number | undefined
}

export function comparisonChart(
  runs: readonly LoadedRun[],
  { metric, x, xScale, yScale, smoothing, band, grouping, target }: ComparisonSettings,
): ChartModel {
  const { groups, columnsOf } = grouped(runs, grouping)
  const curves = new CurveCache().read(groups, { metric, x, smoothing }, columnsOf)
  const own = target ?? targetOf(runs, grouping, metric)
  return compareChart(curves, { metric, x, xScale, yScale, band, target: own })
}

/** The groups of runs, as Compare makes them. */
export function grouped(runs: readonly LoadedRun[], grouping: Grouping) {
  const columns = new Map(runs.map((run) => [run.folder, run.columns]))
  // Where all were stopped, they are what there is to compare.
  const groups = groupRuns(runs, grouping, runs.every(isStopped))
  return { groups, columnsOf: (folder: string) => columns.get(folder) }
}

/** The target that Compare would choose. */
export function targetOf(
  runs: readonly LoadedRun[],
  grouping: Grouping,
  metric: TargetMetric,
): number | undefined {
  const { groups, columnsOf } = grouped(runs, grouping)
  return tellingTarget(
    groups.map((group) => reachingRuns(group, columnsOf)),
    metric,
  )
}

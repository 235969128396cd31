/**
 * Curves of compared runs and what groups of them come to; kept until a run, the metric or the axis
 * changes, whatever is zoomed.
 */
import {
  groupCurves,
  type Columns,
  type Curve,
  type GroupCurve,
  type TargetMetric,
} from '../../core/runs/index.ts'
import { smooth } from '../model/smooth.ts'
import { xColumn, type XAxisName } from '../model/xAxis.ts'
import type { RunGroup } from './grouping.ts'

export interface CurveSettings {
  readonly metric: TargetMetric
  readonly x: XAxisName
  readonly smoothing: number
}

/**
 * The measured points of a run: rounds without a measurement are left out, and runs without a
 * network where x is its time.
 */
export function curveOf(columns: Columns, { metric, x, smoothing }: CurveSettings): Curve {
  const xs = xColumn(columns, x)
  const ys = smooth(columns[metric], smoothing)
  const isPoint = (at: number) => !Number.isNaN(ys[at]!) && !Number.isNaN(xs[at]!)
  let length = 0
  for (let at = 0; at < ys.length; at++) if (isPoint(at)) length++
  const curve = { x: new Float64Array(length), y: new Float64Array(length) }
  for (let at = 0, to = 0; at < ys.length; at++) {
    if (!isPoint(at)) continue
    curve.x[to] = xs[at]!
    curve.y[to++] = ys[at]!
  }
  return curve
}

export interface GroupCurves {
  readonly group: RunGroup
  readonly curves: readonly Curve[]
  /** Of runs that were stopped: drawn, and in no mean. */
  readonly stopped: readonly Curve[]
  readonly statistics: GroupCurve
}

interface Kept {
  readonly columns: Columns
  readonly curve: Curve
}

export class CurveCache {
  #settings = ''
  #curves = new Map<string, Kept>()
  #groups = new Map<
    string,
    {
      readonly least: number
      readonly curves: readonly Curve[]
      readonly statistics: GroupCurve
    }
  >()

  /** @param columnsOf a run's columns as they are now */
  read(
    groups: readonly RunGroup[],
    settings: CurveSettings,
    columnsOf: (folder: string) => Columns | undefined,
  ): GroupCurves[] {
    const key = JSON.stringify(settings)
    if (key !== this.#settings) {
      this.#settings = key
      this.#curves.clear()
      this.#groups.clear()
    }
    return groups.map((group) => {
      const curvesOf = (runs: RunGroup['runs']) =>
        runs.flatMap(({ folder }) => {
          const columns = columnsOf(folder)
          return columns === undefined ? [] : [this.#curve(folder, columns, settings)]
        })
      const curves = curvesOf(group.runs)
      const lasting = group.runs.filter(({ state }) => state !== 'failed').length
      const statistics = this.#statistics(group.key, curves, lasting)
      return { group, curves, stopped: curvesOf(group.stopped), statistics }
    })
  }

  #curve(folder: string, columns: Columns, settings: CurveSettings): Curve {
    const kept = this.#curves.get(folder)
    if (kept !== undefined && isSame(kept.columns, columns)) return kept.curve
    const curve = curveOf(columns, settings)
    this.#curves.set(folder, { columns, curve })
    return curve
  }

  /** @param least curves that a mean is of: where one of them has no point yet, there is none */
  #statistics(key: string, curves: readonly Curve[], least: number): GroupCurve {
    const kept = this.#groups.get(key)
    if (
      kept?.least === least &&
      kept.curves.length === curves.length &&
      kept.curves.every((curve, at) => curve === curves[at])
    )
      return kept.statistics
    const statistics = whereAtLeast(groupCurves(curves), Math.min(least, curves.length))
    this.#groups.set(key, { least, curves, statistics })
    return statistics
  }
}

/** A mean of fewer curves than elsewhere would jump where one of them ends. */
function whereAtLeast(all: GroupCurve, least: number): GroupCurve {
  const { n } = all
  if (n.every((count) => count >= least)) return all
  const kept = (values: Float64Array) => values.filter((_, at) => n[at]! >= least)
  return {
    x: kept(all.x),
    n: n.filter((count) => count >= least),
    mean: kept(all.mean),
    std: kept(all.std),
    halfWidth: kept(all.halfWidth),
  }
}

/** Whether two views are of the same rows: of the same memory, and as long. */
function isSame({ round: a }: Columns, { round: b }: Columns): boolean {
  return a.buffer === b.buffer && a.length === b.length
}

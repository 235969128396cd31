/**
 * Runs over each other as a chart model: means with their bands, single runs faint behind, the
 * target as a line.
 */
import type { TargetMetric } from '../../core/runs/index.ts'
import type { AxisModel, ChartModel, Layer, LineLayer, Scale } from '../model/chartModel.ts'
import type { Window } from '../model/decimate.ts'
import { xAxisModel, type XAxisName } from '../model/xAxis.ts'
import type { GroupCurves } from './curves.ts'

export type BandKind = 'confidence' | 'std' | 'none'

export interface CompareSettings {
  readonly metric: TargetMetric
  readonly x: XAxisName
  readonly xScale: Scale
  readonly yScale: Scale
  readonly band: BandKind
  readonly target: number | undefined
  /** The group that stands out, by its key: the others step back. */
  readonly highlighted?: string | undefined
  /** The same for all charts beside each other; undefined follows the data. */
  readonly extent?: Window | undefined
}

export const metricTitles: Readonly<Record<TargetMetric, string>> = {
  testAccuracy: 'Test accuracy',
  testLoss: 'Test loss',
  trainLoss: 'Train loss',
}

const bandTitles: Readonly<Record<BandKind, string>> = {
  confidence: 'mean and 95 % confidence band',
  std: 'mean ± standard deviation',
  none: 'mean',
}

function metricAxis(metric: TargetMetric, scale: Scale): AxisModel {
  return {
    label: metricTitles[metric].toLowerCase(),
    quantity: metric === 'testAccuracy' ? 'share' : 'value',
    scale,
  }
}

/** With more runs than this behind a mean, they are drawn fainter. */
const manyRuns = 6
/** Fewer say more as lines than as a confidence band. */
const fewestForConfidence = 3
/** More runs than this in one chart are mud: bands say it, and the group that stands out. */
const mostRuns = 60

export function compareChart(
  groups: readonly GroupCurves[],
  { metric, x, xScale, yScale, band, target, highlighted, extent }: CompareSettings,
): ChartModel {
  const repeats = groups.some(({ curves }) => curves.length > 1)
  const isFull = groups.reduce((sum, { curves }) => sum + curves.length, 0) > mostRuns
  return {
    title: repeats ? `${metricTitles[metric]}, ${bandTitles[band]}` : metricTitles[metric],
    x: xAxisModel(x, xScale),
    y: { ...metricAxis(metric, yScale), ...(extent && { extent }) },
    layers: [
      ...groups.flatMap((group) => {
        const isBack = highlighted !== undefined && group.group.key !== highlighted
        const hasRuns = !isFull || group.group.key === highlighted
        return layersOf(group, band, hasRuns).map((layer) => (isBack ? inBack(layer) : layer))
      }),
      ...(target === undefined
        ? []
        : [
            {
              kind: 'reference' as const,
              id: 'target',
              name: 'target',
              color: 'text',
              y: target,
            },
          ]),
    ],
    emptyText: `None of these runs has measured its ${metricTitles[metric].toLowerCase()} yet.`,
  }
}

/** What steps back keeps its place, faint, and no band over the one that stands out. */
function inBack(layer: Layer): Layer {
  if (layer.kind === 'line') return { ...layer, opacity: (layer.opacity ?? 1) * 0.25, width: 1 }
  if (layer.kind !== 'band') return layer
  const nothing = layer.x.map(() => NaN)
  return { ...layer, low: nothing, high: nothing }
}

/** @param hasRuns whether its single runs are drawn, where a band says what they would */
function layersOf(
  { group, curves, stopped, statistics }: GroupCurves,
  band: BandKind,
  hasRuns: boolean,
): Layer[] {
  const common = { name: group.name, color: group.color }
  const look = group.dash === undefined ? {} : { dash: group.dash }
  const id = group.key
  const faint = (all: readonly GroupCurves['curves'][number][], what: string, opacity: number) =>
    all.map((curve, at): LineLayer => ({
      ...common,
      kind: 'line',
      id: `${id}:${what}${at}`,
      isSilent: true,
      x: curve.x,
      y: curve.y,
      width: 1,
      opacity,
    }))
  const ended = faint(stopped, 'stopped', 0.35)
  const [only] = curves
  if (only === undefined) return ended
  if (curves.length === 1)
    return [
      ...ended,
      { ...common, ...look, kind: 'line', id, x: only.x, y: only.y, width: 1.75, hasPoints: true },
    ]
  const { x, mean, std, halfWidth } = statistics
  const spread = band === 'std' ? std : halfWidth
  // Of two runs it would be 13 times as wide as they are apart, and hide all the others.
  const isTooFew = band === 'confidence' && curves.length < fewestForConfidence
  // A band says what chance does to one thing; over several things it would say nothing.
  const hasBand = band !== 'none' && group.pools.length === 0 && !isTooFew
  return [
    ...(hasBand
      ? [
          {
            ...common,
            kind: 'band' as const,
            id: `${id}:band`,
            isSilent: true,
            x,
            low: mean.map((value, at) => value - spread[at]!),
            high: mean.map((value, at) => value + spread[at]!),
          },
        ]
      : []),
    ...ended,
    ...(hasRuns || (!hasBand && !isTooFew)
      ? faint(curves, 'run', curves.length > manyRuns ? 0.18 : 0.3)
      : []),
    { ...common, ...look, kind: 'line', id, x, y: mean, width: 2.25 },
  ]
}

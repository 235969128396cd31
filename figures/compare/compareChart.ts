/**
 * Runs over each other as a chart model: means with their bands, single runs faint behind, the
 * target as a line.
 */
import type { TargetMetric } from '../../core/runs/index.ts'
import type { AxisModel, ChartModel, Layer, Scale } from '../model/chartModel.ts'
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

export function compareChart(
  groups: readonly GroupCurves[],
  { metric, x, xScale, yScale, band, target }: CompareSettings,
): ChartModel {
  const repeats = groups.some(({ curves }) => curves.length > 1)
  return {
    title: repeats ? `${metricTitles[metric]}, ${bandTitles[band]}` : metricTitles[metric],
    x: xAxisModel(x, xScale),
    y: metricAxis(metric, yScale),
    layers: [
      ...groups.flatMap((group, index) => layersOf(group, index, band)),
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

function layersOf(
  { group, curves, statistics }: GroupCurves,
  index: number,
  band: BandKind,
): Layer[] {
  const common = { name: group.name, color: group.color }
  const id = `group${index}`
  // More groups than colours: the second round of colours is dashed.
  const dash = index >= 16 ? ('dotted' as const) : index >= 8 ? ('dashed' as const) : undefined
  const [only] = curves
  if (only === undefined) return []
  if (curves.length === 1)
    return [
      {
        ...common,
        ...(dash && { dash }),
        kind: 'line',
        id,
        x: only.x,
        y: only.y,
        width: 1.75,
        hasPoints: true,
      },
    ]
  const { x, mean, std, halfWidth } = statistics
  const spread = band === 'std' ? std : halfWidth
  return [
    ...(band === 'none'
      ? []
      : [
          {
            ...common,
            kind: 'band' as const,
            id: `${id}:band`,
            isSilent: true,
            x,
            low: mean.map((value, at) => value - spread[at]!),
            high: mean.map((value, at) => value + spread[at]!),
          },
        ]),
    ...curves.map((curve, at) => ({
      ...common,
      kind: 'line' as const,
      id: `${id}:run${at}`,
      isSilent: true,
      x: curve.x,
      y: curve.y,
      width: 1,
      opacity: curves.length > manyRuns ? 0.18 : 0.3,
    })),
    { ...common, ...(dash && { dash }), kind: 'line', id, x, y: mean, width: 2.25 },
  ]
}

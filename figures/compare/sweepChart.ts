/**
 * What runs come to against a setting that was swept: one line for each method, or whatever else
 * differs, a band over seeds, and the best point marked.
 */
import { settingHeading } from '../../core/config/index.ts'
import { flattenConfig, type Columns, type SampleSummary } from '../../core/runs/index.ts'
import type { ChartModel, Layer, Quantity, Scale } from '../model/chartModel.ts'
import { groupingKeys, groupRuns, type ComparedRun, type RunGroup } from './grouping.ts'
import { metricTitles } from './compareChart.ts'
import { resultsOf, type GroupResult, type ResultSettings } from './results.ts'

export type SweepValue = 'final' | 'best' | 'rounds' | 'bytes'

/** Settings with at least two numbers among the runs: what an axis can be of. */
export function sweptSettings(runs: readonly ComparedRun[]): string[] {
  const flat = runs.map(({ config }) => flattenConfig(config))
  return groupingKeys(runs).filter((path) => {
    const values = new Set(flat.map((own) => own.get(path)))
    const numbers = [...values].filter((value) => typeof value === 'number')
    return path !== 'seed' && numbers.length > 1
  })
}

export interface SweepSettings extends ResultSettings {
  readonly path: string
  readonly value: SweepValue
  readonly countsStopped: boolean
}

interface Point {
  readonly x: number
  readonly y: number
  /** Of the band to either side; NaN for none. */
  readonly halfWidth: number
  readonly result: GroupResult
}

interface SweepLine {
  readonly group: RunGroup
  readonly points: readonly Point[]
}

/** The lines of a sweep: everything but the swept setting and the seed tells them apart. */
export function sweepLines(
  runs: readonly ComparedRun[],
  columnsOf: (folder: string) => Columns | undefined,
  { path, value, countsStopped, ...settings }: SweepSettings,
): SweepLine[] {
  const without = runs.flatMap((run) => {
    const x = flattenConfig(run.config).get(path)
    return typeof x === 'number' ? [{ run, x }] : []
  })
  const xOf = new Map(without.map(({ run, x }) => [run.folder, x]))
  const neutral = without.map(({ run }) => ({ ...run, config: neutralAt(run, path) }))
  return groupRuns(neutral, 'auto', countsStopped).map((group) => {
    const atX = new Map<number, ComparedRun[]>()
    for (const run of group.runs) {
      const x = xOf.get(run.folder)!
      atX.set(x, [...(atX.get(x) ?? []), run])
    }
    const points = [...atX]
      .sort(([a], [b]) => a - b)
      .map(([x, own]) => pointOf(x, { ...group, runs: own }, columnsOf, value, settings))
    return { group, points }
  })
}

/** A config in which the swept setting says nothing. */
function neutralAt({ config }: ComparedRun, path: string): ComparedRun['config'] {
  return withoutValue(config, path.split('.')) as ComparedRun['config']
}

function withoutValue(group: object, [key = '', ...rest]: readonly string[]): object {
  const inner = (group as Readonly<Record<string, unknown>>)[key]
  return {
    ...group,
    [key]: typeof inner === 'object' && inner !== null ? withoutValue(inner, rest) : 0,
  }
}

function pointOf(
  x: number,
  group: RunGroup,
  columnsOf: (folder: string) => Columns | undefined,
  value: SweepValue,
  settings: ResultSettings,
): Point {
  const [result] = resultsOf([group], columnsOf, settings)
  if (value === 'final' || value === 'best') {
    return { x, y: result![value].mean, halfWidth: bandOf(result![value]), result: result! }
  }
  return { x, y: result!.reached?.[value].median ?? NaN, halfWidth: NaN, result: result! }
}

/**
 * Half of the 95 % confidence interval. Of two runs that would be 13 times as wide as they are
 * apart: theirs goes from one to the other.
 */
function bandOf({ n, std, halfWidth }: SampleSummary): number {
  return n === 2 ? std / Math.SQRT2 : halfWidth
}

/** The best point of all lines; undefined where nothing was measured. */
export function bestPoint(
  lines: readonly SweepLine[],
  { metric, value }: Pick<SweepSettings, 'metric' | 'value'>,
): { readonly line: SweepLine; readonly point: Point } | undefined {
  const isLarge = metric === 'testAccuracy' && (value === 'final' || value === 'best')
  const all = lines.flatMap((line) =>
    line.points.filter(({ y }) => !Number.isNaN(y)).map((point) => ({ line, point })),
  )
  if (all.length === 0) return undefined
  return all.reduce((best, own) =>
    (isLarge ? own.point.y > best.point.y : own.point.y < best.point.y) ? own : best,
  )
}

const valueTitles: Readonly<Record<SweepValue, string>> = {
  final: 'final',
  best: 'best',
  rounds: 'rounds to target',
  bytes: 'bytes to target',
}

export function sweepChart(
  lines: readonly SweepLine[],
  settings: SweepSettings,
  { xScale, yScale, heading }: { xScale: Scale; yScale: Scale; heading: string },
): ChartModel {
  const { metric, value } = settings
  const isOfMetric = value === 'final' || value === 'best'
  const title = isOfMetric ? `${metricTitles[metric]}, ${valueTitles[value]}` : valueTitles[value]
  const best = bestPoint(lines, settings)
  const quantity: Quantity = isOfMetric
    ? metric === 'testAccuracy'
      ? 'share'
      : 'value'
    : value === 'bytes'
      ? 'bytes'
      : 'count'
  return {
    title: `${title} against ${heading}`,
    x: { label: heading, quantity: 'value', scale: xScale, ticks: valuesOf(lines) },
    y: { label: title.toLowerCase(), quantity, scale: yScale },
    layers: [
      ...lines.flatMap((line) => layersOf(line)),
      ...(best === undefined
        ? []
        : [
            {
              kind: 'line' as const,
              id: 'best',
              name: `best: ${best.line.group.name}, ${heading} ${best.point.x}`,
              color: 'text',
              x: Float64Array.of(best.point.x),
              y: Float64Array.of(best.point.y),
              width: 3,
              hasPoints: true,
            },
          ]),
    ],
    emptyText: isOfMetric
      ? 'None of these runs has measured it yet.'
      : 'No group has reached the target with at least half of its runs.',
  }
}

function valuesOf(lines: readonly SweepLine[]): number[] {
  const values = new Set(lines.flatMap(({ points }) => points.map(({ x }) => x)))
  return [...values].sort((a, b) => a - b)
}

function layersOf({ group, points }: SweepLine): Layer[] {
  const common = { name: group.name, color: group.color }
  const x = Float64Array.from(points, (point) => point.x)
  const y = Float64Array.from(points, (point) => point.y)
  const spread = points.map(({ halfWidth }) => (Number.isNaN(halfWidth) ? 0 : halfWidth))
  const isBand = spread.some((value) => value > 0) && group.pools.length === 0
  return [
    ...(isBand
      ? [
          {
            ...common,
            kind: 'band' as const,
            id: `${group.key}:band`,
            isSilent: true,
            x,
            low: y.map((value, at) => value - spread[at]!),
            high: y.map((value, at) => value + spread[at]!),
          },
        ]
      : []),
    {
      ...common,
      ...(group.dash && { dash: group.dash }),
      kind: 'line' as const,
      id: group.key,
      x,
      y,
      width: 2,
      hasPoints: true,
    },
  ]
}

/** 'Learning rate η' of the first run that has it. */
export function sweepHeading(runs: readonly ComparedRun[], path: string): string {
  return settingHeading(path, runs[0]?.config)
}

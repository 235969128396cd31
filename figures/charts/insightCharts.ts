/**
 * Charts of what the log tells beyond the metrics - scalars, Hessian, participation - as models:
 * pure functions.
 */
import type { HessianSnapshot, ScalarSpread } from '../../core/engine/index.ts'
import type { ChartModel, LineLayer, Marker } from '../model/chartModel.ts'
import { seriesColor } from '../model/colors.ts'
import { roundAround, xAxisModel, xExtent, xOfRound, type XAxisName } from '../model/xAxis.ts'
import { paintHistogram } from './rasters.ts'
import type { RunColumnsView } from './runColumnsView.ts'
import { beforeRead, heldNote } from './heldRounds.ts'

/** More lines than this say nothing: the spread is drawn then, and the first ones. */
const maximumLines = 6

/** @param chosen the perturbation to show, zero-based; undefined shows all */
export function scalarsChart(
  view: RunColumnsView,
  x: XAxisName,
  spread: ScalarSpread | undefined,
  chosen: number | undefined,
  markers: readonly Marker[],
  sendsVectors = false,
): ChartModel {
  return {
    title: 'Gradient scalars',
    x: xAxisModel(x),
    y: { label: 'gradient scalar', symbol: 'g', quantity: 'value', scale: 'linear' },
    layers: spread === undefined || sendsVectors ? [] : scalarLayers(view, x, spread, chosen),
    markers,
    ...heldNote(spread?.round[0]),
    emptyText: sendsVectors
      ? 'This method sends up whole vectors. Scalars, a few per round, are what the scalar-only methods send instead.'
      : beforeRead('What clients sent up', view.length),
  }
}

function scalarLayers(
  view: RunColumnsView,
  x: XAxisName,
  spread: ScalarSpread,
  chosen: number | undefined,
): ChartModel['layers'] {
  const xs = view.x(x)
  const steps = spread.localStep.reduce((most, step) => Math.max(most, step + 1), 1)
  const perturbations = spread.perturbation.reduce((most, p) => Math.max(most, p + 1), 0)
  const at = (index: number) => {
    const round = spread.round[index]! + 1
    const start = xOfRound(view.columns, xs, round)
    // Local steps stand side by side within their round, which ends at its number.
    return x === 'round' ? start - 1 + (spread.localStep[index]! + 1) / steps : start
  }
  const band = spreadBand(spread, at, chosen)
  const shown =
    chosen === undefined
      ? Array.from({ length: Math.min(maximumLines, perturbations) }, (_, p) => p)
      : [chosen]
  return [
    {
      kind: 'band',
      id: 'spread',
      name: 'clients',
      color: 'chart-8',
      ...band,
    },
    ...shown.map((p): LineLayer => {
      const own = indicesOf(spread, p)
      return {
        kind: 'line',
        id: `p${p}`,
        name: `ḡ${p + 1}`,
        color: seriesColor(p),
        width: chosen === undefined ? 1 : 1.5,
        x: Float64Array.from(own, at),
        y: Float64Array.from(own, (index) => spread.aggregate[index]!),
      }
    }),
  ]
}

function indicesOf(spread: ScalarSpread, perturbation: number): Uint32Array {
  const indices = new Uint32Array(spread.round.length)
  let length = 0
  for (let index = 0; index < indices.length; index++)
    if (spread.perturbation[index] === perturbation) indices[length++] = index
  return indices.subarray(0, length)
}

/** Lowest and highest client of each local step, over the chosen perturbation or all. */
function spreadBand(
  spread: ScalarSpread,
  at: (index: number) => number,
  chosen: number | undefined,
): { x: Float64Array; low: Float64Array; high: Float64Array } {
  const x = new Float64Array(spread.round.length)
  const low = new Float64Array(spread.round.length)
  const high = new Float64Array(spread.round.length)
  let length = 0
  let last = -1
  for (let index = 0; index < spread.round.length; index++) {
    if (chosen !== undefined && spread.perturbation[index] !== chosen) continue
    const isSame =
      last >= 0 &&
      spread.round[last] === spread.round[index] &&
      spread.localStep[last] === spread.localStep[index]
    if (!isSame) {
      x[length] = at(index)
      low[length] = Infinity
      high[length] = -Infinity
      length++
    }
    low[length - 1] = Math.min(low[length - 1]!, spread.min[index]!)
    high[length - 1] = Math.max(high[length - 1]!, spread.max[index]!)
    last = index
  }
  return { x: x.subarray(0, length), low: low.subarray(0, length), high: high.subarray(0, length) }
}

const hessianAxis = {
  label: 'diagonal Hessian',
  symbol: 'H',
  quantity: 'value',
  scale: 'log',
} as const

const noHessian = 'The diagonal Hessian is rebuilt from the log.'

export function hessianHistogramChart(
  view: RunColumnsView,
  x: XAxisName,
  snapshots: readonly HessianSnapshot[],
  markers: readonly Marker[],
): ChartModel {
  const xs = view.x(x)
  // What is known of H ends with the newest snapshot.
  const newest = snapshots.at(-1)?.rounds ?? 0
  const roundsAt = (at: number) => {
    const round = roundAround(view.columns, xs, at)
    return round > newest ? -1 : round
  }
  const low = Math.min(...snapshots.map((snapshot) => snapshot.low))
  const high = Math.max(...snapshots.map((snapshot) => snapshot.high))
  const extent =
    snapshots.length > 0 && high > low ? { from: 10 ** low, to: 10 ** high } : undefined
  return {
    title: 'Diagonal Hessian',
    x: { ...xAxisModel(x), extent: xExtent(xs, 'linear') },
    y: { ...hessianAxis, ...(extent && { extent }) },
    layers:
      extent === undefined
        ? []
        : [
            {
              kind: 'raster',
              id: 'histogram',
              name: 'coordinates',
              color: 'heat-1',
              paint: (request) => paintHistogram(snapshots, request, roundsAt),
              readAt: (at, h) =>
                roundsAt(at) < 0 ? undefined : readHistogram(snapshots, roundsAt(at), h),
              legend: { low: 'few', high: 'many coordinates' },
            },
          ],
    markers,
    emptyText: noHessian,
    table: () => ({
      columns: ['round', 'smallest h', 'median h', 'largest h', 'effective rank κ'],
      rows: snapshots.map(({ rounds, values, effectiveRank }) => [
        String(rounds),
        short(values.at(-1)),
        short(values[values.length >> 1]),
        short(values[0]),
        short(effectiveRank),
      ]),
    }),
  }
}

function readHistogram(
  snapshots: readonly HessianSnapshot[],
  round: number,
  h: number,
): string | undefined {
  const snapshot = snapshots.findLast(({ rounds }) => rounds <= round)
  if (snapshot === undefined || !(h > 0)) return undefined
  const { histogram, low, high } = snapshot
  const bin = Math.floor(((Math.log10(h) - low) / (high - low)) * histogram.length)
  const count = histogram[bin]
  return count === undefined
    ? undefined
    : `after round ${snapshot.rounds}: ${count.toLocaleString('en-US')} with h ≈ ${short(h)}`
}

/** Past snapshots beside the newest, so that one sees it grow. */
const pastSnapshots = 3

export function hessianRankChart(snapshots: readonly HessianSnapshot[]): ChartModel {
  const newest = snapshots.length - 1
  const shown = [
    ...new Set(
      Array.from({ length: pastSnapshots + 1 }, (_, at) => {
        const round = (snapshots[newest]?.rounds ?? 0) * (at / pastSnapshots)
        return Math.max(
          0,
          snapshots.findLastIndex(({ rounds }) => rounds <= round),
        )
      }),
    ),
  ].filter((at) => at < snapshots.length)
  return {
    title: 'Hessian by rank',
    x: { label: 'rank', quantity: 'count', scale: 'log' },
    y: hessianAxis,
    layers: shown.map((at, index): LineLayer => {
      const { rounds, ranks, values } = snapshots[at]!
      return {
        kind: 'line',
        id: `rank${index}`,
        name: `round ${rounds.toLocaleString('en-US')}`,
        color: at === newest ? 'chart-1' : 'chart-8',
        opacity: at === newest ? 1 : 0.25 + (0.5 * index) / shown.length,
        width: at === newest ? 2 : 1.25,
        x: ranks,
        y: values,
      }
    }),
    emptyText: noHessian,
  }
}

export function effectiveRankChart(
  view: RunColumnsView,
  x: XAxisName,
  snapshots: readonly HessianSnapshot[],
  markers: readonly Marker[],
): ChartModel {
  const xs = view.x(x)
  return {
    title: 'Effective rank',
    x: xAxisModel(x),
    y: { label: 'effective rank', symbol: 'κ', quantity: 'value', scale: 'log' },
    layers: [
      {
        kind: 'line',
        id: 'effectiveRank',
        name: 'κ = Tr(H) / max(H)',
        color: 'chart-4',
        width: 2,
        hasPoints: true,
        x: Float64Array.from(snapshots, ({ rounds }) =>
          rounds === 0 ? 0 : xOfRound(view.columns, xs, rounds),
        ),
        y: Float64Array.from(snapshots, ({ effectiveRank }) => effectiveRank),
      },
    ],
    markers,
    emptyText: noHessian,
  }
}

function short(value: number | undefined): string {
  return value === undefined ? '–' : Number(value.toPrecision(3)).toString()
}

/** The charts of the Hessian lab as models: pure functions of what was found at one round. */
import type { CurvatureAtRound } from '../../core/engine/index.ts'
import type { ChartModel, LineLayer, RasterRequest } from '../model/chartModel.ts'
import type { Window } from '../model/decimate.ts'
import { formatValue } from '../model/quantityText.ts'

type MetricName = CurvatureAtRound['metrics'][number]['metric']

/**
 * An estimate's noise counts in the diagonal's figures as if it were structure, so it is not called
 * true.
 */
export function metricTitle(metric: MetricName, { source }: CurvatureAtRound): string {
  if (metric === 'diagonal') return source === 'probes' ? 'estimated diagonal' : 'true diagonal'
  return metric === 'learned' ? 'learned H' : 'H = 1'
}

export const metricColors: Readonly<Record<MetricName, string>> = {
  learned: 'chart-1',
  identity: 'chart-8',
  diagonal: 'chart-2',
}

/** Smaller true values, against the largest, are off the chart: they would take all its room. */
const decades = 1e-8

/** True values on a logarithmic axis: those above 0. */
export function scatterExtent({ scatter }: CurvatureAtRound): Window {
  const largest = scatter.truth.reduce((most, value) => Math.max(most, value), 0)
  const least = scatter.truth.reduce(
    (low, value) => (value >= largest * decades && value > 0 ? Math.min(low, value) : low),
    largest,
  )
  if (!(largest > 0)) return { from: 0.1, to: 10 }
  return least < largest
    ? { from: least / 1.3, to: largest * 1.3 }
    : { from: largest / 10, to: largest * 10 }
}

export function scatterChart(at: CurvatureAtRound): ChartModel {
  const { learned, truth, index } = at.scatter
  const low = learned.reduce((least, value) => Math.min(least, value), Infinity)
  const high = learned.reduce((most, value) => Math.max(most, value), 0)
  const hasAny = truth.some((value) => value > 0)
  const yExtent = { from: low / 1.2, to: high * 1.2 }
  return {
    title: 'Learned H against the true diagonal',
    x: {
      label: 'true diagonal',
      symbol: 'Σ_{jj}',
      quantity: 'value',
      scale: 'log',
      extent: scatterExtent(at),
    },
    y: {
      label: 'learned',
      symbol: 'H',
      quantity: 'value',
      scale: 'log',
      extent: yExtent,
    },
    layers: hasAny
      ? [
          {
            kind: 'raster',
            id: 'parameters',
            name: 'parameters',
            color: 'heat-1',
            paint: (request) => paintScatter(truth, learned, request),
            readAt: (x, y) => `Σ ${formatValue(x)}, h ${formatValue(y)}`,
            legend: { low: 'one', high: 'many' },
          },
          proportionLine(at, scatterExtent(at), yExtent),
        ]
      : [],
    emptyText: 'No true value lies above 0.',
    table: () => ({
      columns: ['parameter', 'learned h', 'true Σ_jj', '± error'],
      rows: Array.from(index, (parameter, i) => [
        String(parameter + 1),
        formatValue(learned[i]),
        formatValue(truth[i]),
        formatValue(at.scatter.error[i]),
      ]),
    }),
  }
}

/**
 * Where a learned value is the true one. Where the two are so far apart that this lies outside, it
 * is the parallel through their middle: where a learned value is so many times the true one.
 */
function proportionLine({ scatter }: CurvatureAtRound, x: Window, y: Window): LineLayer {
  const isInside = Math.max(x.from, y.from) < Math.min(x.to, y.to)
  const logs = Array.from(scatter.truth, (truth, i) => Math.log(scatter.learned[i]! / truth))
  const known = logs.filter(Number.isFinite)
  const factor = isInside
    ? 1
    : Number(Math.exp(known.reduce((sum, own) => sum + own, 0) / known.length).toPrecision(2))
  const ends = Float64Array.of(Math.max(x.from, y.from / factor), Math.min(x.to, y.to / factor))
  return {
    kind: 'line',
    id: 'equal',
    name: isInside ? 'H = Σ' : `H = ${formatValue(factor)} Σ`,
    color: 'faint',
    dash: 'dashed',
    x: ends,
    y: ends.map((end) => end * factor),
    width: 1,
  }
}

/** Dots of three pixels, the darker the more of them share a pixel. */
function paintScatter(
  x: Float64Array,
  y: Float64Array,
  { window, y: range, width, height }: RasterRequest,
): Float32Array {
  const shares = new Float32Array(width * height).fill(NaN)
  const place = (value: number, { from, to }: Window, length: number) =>
    Math.floor((Math.log(value / from) / Math.log(to / from)) * length)
  for (let i = 0; i < x.length; i++) {
    const column = place(x[i]!, window, width)
    const row = height - 1 - place(y[i]!, range, height)
    for (let down = -1; down <= 1; down++)
      for (let right = -1; right <= 1; right++) {
        const [left, top] = [column + right, row + down]
        if (!(left >= 0 && left < width && top >= 0 && top < height)) continue
        const pixel = top * width + left
        const before = shares[pixel]!
        shares[pixel] = Number.isNaN(before) ? 0.45 : Math.min(1, before + 0.18)
      }
  }
  return shares
}

/** Densities this much below the highest are nothing. */
const densityFloor = 1e-7

export function spectrumChart({ spectrum }: CurvatureAtRound): ChartModel {
  const highest = spectrum.density.reduce((most, value) => Math.max(most, value), 0)
  const top = Array.from(spectrum.top)
  return {
    title: 'Spectrum of the Hessian',
    x: { label: 'eigenvalue', symbol: 'λ', quantity: 'value', scale: 'linear' },
    y: { label: 'density', quantity: 'value', scale: 'log' },
    layers: [
      {
        kind: 'line',
        id: 'density',
        name: 'density of eigenvalues',
        color: 'chart-1',
        x: spectrum.at,
        y: spectrum.density.map((value) => (value > highest * densityFloor ? value : NaN)),
      },
    ],
    markers: top.length > 0 ? [{ x: top[0]!, text: `λ₁ ${formatValue(top[0])}` }] : [],
  }
}

export function angleChart(at: CurvatureAtRound): ChartModel {
  const { angles } = at
  const x = Float64Array.from(angles.perturbations)
  return {
    title: 'Cosine with ∇f',
    x: { label: 'directions', symbol: 'P', quantity: 'count', scale: 'log' },
    y: {
      label: 'cosine; dashed: expected for small μ',
      quantity: 'value',
      scale: 'linear',
      include: [0],
    },
    layers: angles.curves.flatMap(({ metric, measured, expected }): LineLayer[] => [
      {
        kind: 'line',
        id: metric,
        name: metricTitle(metric, at),
        color: metricColors[metric],
        x,
        y: measured,
        width: 2,
        hasPoints: true,
      },
      {
        kind: 'line',
        id: `${metric}:expected`,
        name: metricTitle(metric, at),
        color: metricColors[metric],
        isSilent: true,
        dash: 'dashed',
        x,
        y: expected,
      },
    ]),
    table: () => ({
      columns: [
        'directions P',
        ...angles.curves.flatMap(({ metric }) => [
          metricTitle(metric, at),
          `${metricTitle(metric, at)}, expected`,
        ]),
      ],
      rows: Array.from(angles.perturbations, (count, i) => [
        String(count),
        ...angles.curves.flatMap(({ measured, expected }) => [
          formatValue(measured[i]),
          formatValue(expected[i]),
        ]),
      ]),
    }),
  }
}

/** Charts of every kind over invented data, for tests of what is made of charts. */
import { parseRunConfig } from '../../core/config/index.ts'
import type { CurvatureAtRound } from '../../core/engine/index.ts'
import { metricColumns, type MetricsRow } from '../../core/runs/index.ts'
import { runColumnsOf } from '../charts/runColumns.ts'
import { runChartNames, runCharts, type RunFacts } from '../charts/runCharts.ts'
import { comparisonChart, type LoadedRun } from '../compare/comparisonFigure.ts'
import { sweepChart, sweepLines, type SweepSettings } from '../compare/sweepChart.ts'
import type { ChartModel } from '../model/chartModel.ts'

/** Rows of a run that learns at a speed. */
function rowsOf(rounds: number, speed: number): MetricsRow[] {
  const zero = Object.fromEntries(metricColumns.map((column) => [column, 0]))
  return Array.from({ length: rounds }, (_, at): MetricsRow => {
    const round = at + 1
    const isMeasured = round % 5 === 0
    const loss = 2.3 * Math.exp(-speed * round) + 0.05 * Math.sin(round * 1.7 + speed * 90)
    return {
      ...(zero as unknown as MetricsRow),
      round,
      trainLoss: loss,
      testLoss: isMeasured ? loss + 0.05 : undefined,
      testAccuracy: isMeasured ? 0.9 - 0.8 * Math.exp(-speed * round * 1.4) : undefined,
      uplinkBytes: 1280,
      downlinkBytes: 640,
      catchUpBytes: 100,
      cumulativeUplinkBytes: 1280 * round,
      cumulativeDownlinkBytes: 640 * round,
      elapsedMs: 180 * round,
      participants: 4,
      answered: 4,
      forwardPasses: 40,
      cumulativeForwardPasses: 40 * round,
      paperBytes: 960,
      learningRate: 0.01,
    }
  })
}

const rounds = 60
const dim = 2000

function loadedRun(method: string, seed: number, learningRate: number): LoadedRun {
  const speed = (method === 'hiso' ? 0.06 : 0.03) * (1 + 0.1 * seed) * (1 + learningRate)
  return {
    folder: `/runs/${method}-${seed}-${learningRate}`,
    name: 'study',
    state: 'finished',
    config: parseRunConfig({
      name: 'study',
      task: { dataset: 'mnist', model: 'mlp' },
      method: { name: method, learningRate },
      seed,
    }),
    columns: runColumnsOf(rowsOf(rounds, speed)),
  }
}

export const comparedRuns = ['hiso', 'decomfl'].flatMap((method) =>
  [1, 2, 3].map((seed) => loadedRun(method, seed, 0.01)),
)

function facts(): RunFacts {
  const count = rounds * 3
  const own = (make: (at: number) => number) => Array.from({ length: count }, (_, at) => make(at))
  return {
    config: loadedRun('hiso', 1, 0.01).config,
    columns: runColumnsOf(rowsOf(rounds, 0.05)),
    dim,
    initial: { testAccuracy: 0.12 },
    changes: [{ round: 30, setting: 'learningRate', value: 0.005 }],
    scalars: {
      round: Uint32Array.from(own((at) => Math.floor(at / 3))),
      localStep: new Uint32Array(count),
      perturbation: Uint32Array.from(own((at) => at % 3)),
      aggregate: Float32Array.from(own((at) => Math.sin(at) / (1 + at / 60))),
      min: Float32Array.from(own((at) => Math.sin(at) - 0.4)),
      max: Float32Array.from(own((at) => Math.sin(at) + 0.4)),
      clients: new Uint32Array(count).fill(4),
    },
    participation: {
      from: 0,
      participants: Array.from({ length: rounds }, (_, at) =>
        Uint32Array.from([0, 1, 2, 3], (client) => (client * 2 + at) % 10),
      ),
      answering: Array.from({ length: rounds }, (_, at) =>
        Uint32Array.from([0, 1, 2], (client) => (client * 2 + at) % 10),
      ),
    },
    snapshots: Array.from({ length: 12 }, (_, at) => ({
      rounds: (at + 1) * 5,
      histogram: Uint32Array.from({ length: 64 }, (_, bin) =>
        Math.round(400 * Math.exp(-(((bin - 10 - 3 * at) / 9) ** 2))),
      ),
      low: -3,
      high: 1,
      ranks: Float64Array.of(1, 10, 100, 1000, dim),
      values: Float64Array.of(9, 3, 0.8, 0.05, 0.001).map((value) => value * (1 + at / 9)),
      effectiveRank: 40 + 5 * at,
    })),
    curvature,
  }
}

const learned = Float64Array.from({ length: 300 }, (_, at) => 0.5 + ((at * 37) % 100) / 60)
const counts = Uint32Array.of(1, 4, 16, 64)
const curvature = {
  metrics: [],
  source: 'coordinates',
  scatter: {
    learned,
    truth: learned.map((value, at) => (value * value) / (1 + at / 50)),
    error: learned.map(() => 0),
    index: Uint32Array.from(learned, (_, at) => at),
  },
  spectrum: {
    at: Float64Array.from({ length: 40 }, (_, at) => at / 10),
    density: Float64Array.from({ length: 40 }, (_, at) => Math.exp(-at / 3)),
    top: Float64Array.of(3.6, 2.1),
  },
  angles: {
    perturbations: counts,
    curves: (['learned', 'identity', 'diagonal'] as const).map((metric, at) => ({
      metric,
      measured: Float64Array.from(counts, (count) => Math.sqrt(count / (800 / (at + 1) + count))),
      expected: Float64Array.from(counts, (count) => Math.sqrt(count / (760 / (at + 1) + count))),
    })),
  },
} as unknown as CurvatureAtRound

const settings = { x: 'round', yScale: 'linear', smoothing: 0 } as const
const compared = {
  metric: 'testAccuracy',
  x: 'bytes',
  xScale: 'log',
  yScale: 'linear',
  smoothing: 0,
  band: 'confidence',
  grouping: 'auto',
  target: undefined,
} as const

const swept = ['hiso', 'decomfl'].flatMap((method) =>
  [0.001, 0.01, 0.1].flatMap((rate) => [1, 2].map((seed) => loadedRun(method, seed, rate))),
)

function sweepOf(): ChartModel {
  const own: SweepSettings = {
    path: 'method.learningRate',
    value: 'final',
    metric: 'testAccuracy',
    target: undefined,
    baseline: null,
    countsStopped: true,
  }
  const columnsOf = (folder: string) => swept.find((run) => run.folder === folder)?.columns
  const scales = { xScale: 'log', yScale: 'linear', heading: 'learning rate η' } as const
  return sweepChart(sweepLines(swept, columnsOf, own), own, scales)
}

/** Every chart that a figure can show. */
export const everyChart: readonly (readonly [name: string, model: ChartModel])[] = [
  ...runChartNames.map((name) => [name, runCharts[name].build(facts(), settings)] as const),
  ['comparison', comparisonChart(comparedRuns, compared)],
  ['sweep', sweepOf()],
]

/** A chart whose names, values and texts are as unpleasant as they can be. */
export function hostileChart(name: string): ChartModel {
  const x = Float64Array.of(1, 2, 3, 4, 5, 6)
  return {
    title: name,
    x: { label: 'round', quantity: 'count', scale: 'linear' },
    y: { label: 'loss', quantity: 'value', scale: 'linear' },
    layers: [
      {
        kind: 'line',
        id: 'a',
        name,
        color: 'chart-1',
        x,
        y: Float64Array.of(1, NaN, Infinity, -Infinity, 2, 1e300),
      },
      { kind: 'line', id: 'b', name: 'b', color: 'chart-2', x, y: x.map(() => NaN) },
      { kind: 'band', id: 'c', name: 'c', color: 'chart-3', x, low: x.map(() => NaN), high: x },
    ],
    markers: [{ x: 3, text: name }],
  }
}

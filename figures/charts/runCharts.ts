/**
 * The charts of one run that a figure can show, each one value: what it reads and how it is built.
 * Watch and the Hessian lab draw the same charts on screen.
 */
import { factsOfTask, type RunConfig } from '../../core/config/index.ts'
import type { CurvatureAtRound, HessianSnapshot, ScalarSpread } from '../../core/engine/index.ts'
import type { Quality } from '../../core/runs/index.ts'
import type { ChartModel, Scale } from '../model/chartModel.ts'
import type { XAxisName } from '../model/xAxis.ts'
import { chartMeanings, type Meaning } from './chartMeanings.ts'
import { angleChart, scatterChart, spectrumChart } from './curvatureCharts.ts'
import {
  effectiveRankChart,
  hessianHistogramChart,
  hessianRankChart,
  scalarsChart,
} from './insightCharts.ts'
import {
  answerColumns,
  cumulativeBytesChart,
  lossChart,
  markersOf,
  qualityChart,
  roundBytesChart,
  type SettingChange,
} from './metricCharts.ts'
import { participationChart } from './participationChart.ts'
import type { ParticipationRounds } from './rasters.ts'
import type { RunColumns } from './runColumns.ts'
import { RunColumnsView } from './runColumnsView.ts'

/** What a run's charts are made of. */
export interface RunFacts {
  readonly config: RunConfig
  readonly columns: RunColumns
  /** d */
  readonly dim: number
  readonly initial: Partial<Quality> | undefined
  readonly changes: readonly SettingChange[]
  /** What of the following a chart `needs`. */
  readonly scalars?: ScalarSpread
  readonly participation?: ParticipationRounds
  readonly snapshots?: readonly HessianSnapshot[]
  readonly curvature?: CurvatureAtRound
}

/** `spectrum`: of the curvature only that, which needs no true diagonal. */
export type RunNeed =
  'metrics' | 'scalars' | 'participation' | 'snapshots' | 'curvature' | 'spectrum'

interface RunChartSettings {
  readonly x: XAxisName
  readonly yScale: Scale
  readonly smoothing: number
}

export interface RunChart {
  readonly title: string
  readonly meaning: Meaning
  readonly needs: RunNeed
  readonly build: (facts: RunFacts, settings: RunChartSettings) => ChartModel
}

export const runCharts = {
  accuracy: {
    title: 'Test accuracy, or what answers in words are measured by',
    meaning: chartMeanings.accuracy,
    needs: 'metrics',
    build: (facts, settings) =>
      qualityChart(...common(facts, settings), facts.initial ?? {}, measuredBy(facts)),
  },
  loss: {
    title: 'Loss on training and test samples',
    meaning: chartMeanings.loss,
    needs: 'metrics',
    build: (facts, settings) => lossChart(...common(facts, settings)),
  },
  bytes: {
    title: 'Bytes so far, beside the paper’s count and FedAvg’s',
    meaning: chartMeanings.cumulativeBytes,
    needs: 'metrics',
    build: (facts, settings) => {
      const [view, watch, markers] = common(facts, settings)
      return cumulativeBytesChart(view, watch, facts.dim, markers)
    },
  },
  'round-bytes': {
    title: 'Bytes per round',
    meaning: chartMeanings.roundBytes,
    needs: 'metrics',
    build: (facts, settings) => roundBytesChart(...common(facts, settings)),
  },
  scalars: {
    title: 'Gradient scalars and their spread over clients',
    meaning: chartMeanings.scalars,
    needs: 'scalars',
    build: (facts, settings) => {
      const [view, { x }, markers] = common(facts, settings)
      return scalarsChart(view, x, facts.scalars, undefined, markers)
    },
  },
  participation: {
    title: 'Who took part in which round',
    meaning: chartMeanings.participation,
    needs: 'participation',
    build: (facts, settings) => {
      const [view, { x }] = common(facts, settings)
      return participationChart(view, x, facts.config.federation.clients, facts.participation)
    },
  },
  hessian: {
    title: 'Diagonal Hessian over rounds',
    meaning: chartMeanings.hessian,
    needs: 'snapshots',
    build: (facts, settings) => {
      const [view, { x }, markers] = common(facts, settings)
      return hessianHistogramChart(view, x, facts.snapshots ?? [], markers)
    },
  },
  'hessian-rank': {
    title: 'Diagonal Hessian by rank',
    meaning: chartMeanings.hessianRank,
    needs: 'snapshots',
    build: (facts) => hessianRankChart(facts.snapshots ?? []),
  },
  'effective-rank': {
    title: 'Effective rank of H over rounds',
    meaning: chartMeanings.effectiveRank,
    needs: 'snapshots',
    build: (facts, settings) => {
      const [view, { x }, markers] = common(facts, settings)
      return effectiveRankChart(view, x, facts.snapshots ?? [], markers)
    },
  },
  'curvature-scatter': {
    title: 'Learned H against the true diagonal, at the last round',
    meaning: chartMeanings.scatter,
    needs: 'curvature',
    build: ({ curvature }) => scatterChart(curvature!),
  },
  'curvature-spectrum': {
    title: 'Spectrum of the Hessian, at the last round',
    meaning: chartMeanings.spectrum,
    needs: 'spectrum',
    build: ({ curvature }) => spectrumChart(curvature!),
  },
  'curvature-cosine': {
    title: 'Cosine of estimates with the gradient, at the last round',
    meaning: chartMeanings.angle,
    needs: 'curvature',
    build: ({ curvature }) => angleChart(curvature!),
  },
} as const satisfies Readonly<Record<string, RunChart>>

export type RunChartName = keyof typeof runCharts

export const runChartNames = Object.keys(runCharts) as RunChartName[]

function common(
  { columns, changes }: RunFacts,
  { x, yScale, smoothing }: RunChartSettings,
): Parameters<typeof lossChart> {
  const view = new RunColumnsView(columns)
  const watch = { x, smoothing, lossScale: yScale, isOver: true }
  return [view, watch, markersOf(view, x, changes)]
}

/** Accuracy, or where the model answers in words of its own, what those are measured by. */
function measuredBy({ config, columns }: RunFacts) {
  const mayAnswer = factsOfTask(config.task).hasTexts
  const answers = answerColumns.filter((column) => !columns[column].every(Number.isNaN))
  return mayAnswer && answers.length > 0 ? answers : (['testAccuracy'] as const)
}

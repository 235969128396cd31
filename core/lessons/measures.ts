/**
 * What a lesson can ask a run for: single numbers, and curves over its rounds. Each is one value of
 * a registry; a lesson names them.
 */
import { bestInColumns, lastInColumn, type Columns } from '../runs/index.ts'

/** What a run gave, as far as measures read it. */
export interface MeasuredRun {
  readonly columns: Columns
  /** d */
  readonly dim: number
}

/** How a value is written. */
export type Quantity = 'bytes' | 'count' | 'share' | 'value' | 'ratio'

interface Measure {
  /** In the middle of a sentence. */
  readonly title: string
  readonly quantity: Quantity
  /** NaN where the run has not measured it. */
  readonly read: (run: MeasuredRun) => number
}

const sum = (column: Float64Array) => column.reduce((total, value) => total + value, 0)
const lastOf = (column: Float64Array) => column.at(-1) ?? Number.NaN

/** What sending the model down and an update of its size up would have cost: 8 d bytes a client. */
const fedAvgBytes = ({ columns, dim }: MeasuredRun) => 8 * dim * sum(columns.participants)

const measures = {
  rounds: {
    title: 'rounds',
    quantity: 'count',
    read: ({ columns }) => columns.round.length,
  },
  dim: { title: 'parameters', quantity: 'count', read: ({ dim }) => dim },
  trainLoss: {
    title: 'last training loss',
    quantity: 'value',
    read: ({ columns }) => lastInColumn(columns.trainLoss),
  },
  testLoss: {
    title: 'last test loss',
    quantity: 'value',
    read: ({ columns }) => lastInColumn(columns.testLoss),
  },
  accuracy: {
    title: 'last test accuracy',
    quantity: 'share',
    read: ({ columns }) => lastInColumn(columns.testAccuracy),
  },
  bestAccuracy: {
    title: 'best test accuracy',
    quantity: 'share',
    read: ({ columns }) => bestInColumns(columns, 'testAccuracy'),
  },
  uplinkBytes: {
    title: 'bytes up',
    quantity: 'bytes',
    read: ({ columns }) => lastOf(columns.cumulativeUplinkBytes),
  },
  downlinkBytes: {
    title: 'bytes down',
    quantity: 'bytes',
    read: ({ columns }) => lastOf(columns.cumulativeDownlinkBytes),
  },
  totalBytes: {
    title: 'bytes in both directions',
    quantity: 'bytes',
    read: ({ columns }) =>
      lastOf(columns.cumulativeUplinkBytes) + lastOf(columns.cumulativeDownlinkBytes),
  },
  replyBytes: {
    title: 'bytes of one reply',
    quantity: 'bytes',
    read: ({ columns }) => sum(columns.uplinkBytes) / sum(columns.answered),
  },
  catchUpBytes: {
    title: 'bytes of catch-up',
    quantity: 'bytes',
    read: ({ columns }) => sum(columns.catchUpBytes),
  },
  fedAvgBytes: {
    title: 'bytes that FedAvg would have sent',
    quantity: 'bytes',
    read: fedAvgBytes,
  },
  forwardPasses: {
    title: 'forward passes',
    quantity: 'count',
    read: ({ columns }) => lastOf(columns.cumulativeForwardPasses),
  },
  epsilon: {
    title: 'privacy spent, ε',
    quantity: 'value',
    read: ({ columns }) => lastInColumn(columns.epsilon),
  },
} as const satisfies Readonly<Record<string, Measure>>

export type MeasureName = keyof typeof measures
export const measureNames = Object.keys(measures) as MeasureName[]

export function measureOf(name: MeasureName): Measure {
  return measures[name]
}

/** A curve over rounds that can be drawn by hand before it is seen. */
interface MeasuredCurve {
  readonly title: string
  readonly quantity: Quantity
  readonly read: (run: MeasuredRun) => Float64Array
}

const curves = {
  trainLoss: {
    title: 'training loss',
    quantity: 'value',
    read: ({ columns }) => columns.trainLoss,
  },
  testLoss: { title: 'test loss', quantity: 'value', read: ({ columns }) => columns.testLoss },
  accuracy: {
    title: 'test accuracy',
    quantity: 'share',
    read: ({ columns }) => columns.testAccuracy,
  },
  totalBytes: {
    title: 'bytes so far',
    quantity: 'bytes',
    read: ({ columns }) =>
      columns.cumulativeUplinkBytes.map((up, at) => up + columns.cumulativeDownlinkBytes[at]!),
  },
} as const satisfies Readonly<Record<string, MeasuredCurve>>

type CurveName = keyof typeof curves
export const curveNames = Object.keys(curves) as CurveName[]

export function curveOf(name: CurveName): MeasuredCurve {
  return curves[name]
}

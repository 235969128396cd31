/** Charts of a run's metrics as models: pure functions of columns and settings. */
import { qualityTitles, type Quality } from '../../core/runs/index.ts'
import { xAxisModel, xOfRound, type XAxisName } from '../model/xAxis.ts'
import type { ChartModel, Layer, LineLayer, Marker, Scale } from '../model/chartModel.ts'
import type { RunColumnsView } from './runColumnsView.ts'

export interface WatchSettings {
  readonly x: XAxisName
  /** Weight of the past, 0 to below 1. */
  readonly smoothing: number
  readonly lossScale: Scale
  /** Whether no more rounds come by themselves. */
  readonly isOver?: boolean
}

export interface SettingChange {
  readonly round: number
  readonly setting: string
  readonly value: number
}

const symbols: Readonly<Record<string, string>> = { learningRate: 'η', nu: 'ν' }

/**
 * Changes of settings, where they took effect; those of one round together, each setting's last.
 */
export function markersOf(
  view: RunColumnsView,
  x: XAxisName,
  changes: readonly SettingChange[],
): Marker[] {
  if (view.length === 0) return []
  const xs = view.x(x)
  const rounds = new Map<number, Map<string, number>>()
  for (const { round, setting, value } of changes)
    rounds.set(round, (rounds.get(round) ?? new Map<string, number>()).set(setting, value))
  return [...rounds].map(([round, values]) => ({
    x: xOfRound(view.columns, xs, round + 1),
    text: [...values]
      .map(([setting, value]) => `${symbols[setting] ?? setting} = ${value}`)
      .join(', '),
  }))
}

const noRound = 'The run ended before its first round did.'

type Curve = Omit<LineLayer, 'kind' | 'x' | 'y'> & {
  readonly column: 'trainLoss' | 'testLoss' | ShareColumn
}

/** A curve; where it is smoothed, the measured one lies faint behind it. */
function curve(view: RunColumnsView, { x, smoothing }: WatchSettings, of: Curve): LineLayer[] {
  const { column, ...layer } = of
  const xs = view.x(x)
  const measured = view.columns[column]
  if (smoothing === 0) return [{ ...layer, kind: 'line', x: xs, y: measured }]
  return [
    {
      ...layer,
      kind: 'line',
      id: `${layer.id}:raw`,
      isSilent: true,
      opacity: 0.28,
      width: 1,
      hasPoints: false,
      x: xs,
      y: measured,
    },
    {
      ...layer,
      kind: 'line',
      hasPoints: false,
      width: 2,
      x: xs,
      y: view.smoothed(column, smoothing),
    },
  ]
}

export function lossChart(
  view: RunColumnsView,
  settings: WatchSettings,
  markers: readonly Marker[],
): ChartModel {
  return {
    title: 'Loss',
    x: xAxisModel(settings.x),
    y: { label: 'loss', quantity: 'value', scale: settings.lossScale },
    layers: [
      ...curve(view, settings, {
        id: 'train',
        name: 'train',
        color: 'chart-6',
        column: 'trainLoss',
        width: 1.25,
      }),
      ...curve(view, settings, {
        id: 'test',
        name: 'test',
        color: 'chart-2',
        column: 'testLoss',
        width: 2,
        hasPoints: true,
      }),
    ],
    markers,
    emptyText: settings.isOver ? noRound : 'The loss appears with the first round.',
  }
}

/** Qualities that are shares. */
export type ShareColumn = keyof typeof qualityTitles
/** What a run whose model answers in words of its own is measured by, instead of accuracy. */
export const answerColumns = ['exactMatch', 'f1', 'rougeL'] as const satisfies ShareColumn[]

const shareColors: Readonly<Record<ShareColumn, string>> = {
  testAccuracy: 'chart-1',
  exactMatch: 'chart-1',
  f1: 'chart-3',
  rougeL: 'chart-4',
}

/**
 * @param zeroShot what a pre-trained model could do before any round
 * @param measured by which qualities
 */
export function qualityChart(
  view: RunColumnsView,
  settings: WatchSettings,
  markers: readonly Marker[],
  zeroShot: Partial<Quality> = {},
  measured: readonly ShareColumn[] = ['testAccuracy'],
): ChartModel {
  const isAccuracy = measured[0] === 'testAccuracy'
  return {
    title: isAccuracy ? 'Test accuracy' : 'Answers',
    x: xAxisModel(settings.x),
    y: {
      label: isAccuracy ? 'test accuracy' : 'share of test samples',
      quantity: 'share',
      scale: 'linear',
    },
    layers: measured.flatMap((column): Layer[] => {
      const [name, color, start] = [qualityTitles[column], shareColors[column], zeroShot[column]]
      return [
        ...curve(view, settings, { id: column, name, color, column, width: 2, hasPoints: true }),
        ...(start === undefined
          ? []
          : [
              {
                kind: 'reference',
                id: `${column}:zeroShot`,
                name: isAccuracy ? 'zero-shot' : `${name}, zero-shot`,
                color: isAccuracy ? 'faint' : color,
                y: start,
              } as const,
            ]),
      ]
    }),
    markers,
    emptyText: settings.isOver
      ? 'The run ended before its first evaluation.'
      : 'The accuracy appears with the first evaluation.',
  }
}

export function roundBytesChart(
  view: RunColumnsView,
  { x, isOver }: WatchSettings,
  markers: readonly Marker[],
): ChartModel {
  return {
    title: 'Bytes per round',
    x: xAxisModel(x),
    y: { label: 'bytes per round', quantity: 'bytes', scale: 'linear', include: [0] },
    layers: [
      {
        kind: 'stack',
        id: 'bytes',
        x: view.x(x),
        parts: [
          { name: 'up', color: 'uplink', y: view.columns.uplinkBytes },
          { name: 'down', color: 'downlink', y: view.assignmentBytes },
          { name: 'catch-up', color: 'catch-up', y: view.columns.catchUpBytes },
        ],
      },
      ...broadcastLine(view, x),
    ],
    markers,
    emptyText: isOver ? noRound : 'Bytes appear with the first round.',
  }
}

/** On a network: what one message to all would be, in place of a copy for each. */
function broadcastLine(view: RunColumnsView, x: XAxisName): LineLayer[] {
  const { broadcastBytes: y } = view.columns
  if (y.length === 0 || Number.isNaN(y[y.length - 1])) return []
  return [
    {
      ...{ kind: 'line', id: 'broadcast', name: 'down, broadcast', color: 'text' },
      ...{ x: view.x(x), y, width: 1.25, dash: 'dashed' },
    },
  ]
}

/** @param dim d: what methods that send the model would have cost follows from it */
export function cumulativeBytesChart(
  view: RunColumnsView,
  { x, isOver }: WatchSettings,
  dim: number | undefined,
  markers: readonly Marker[],
): ChartModel {
  const xs = view.x(x)
  const line = (id: string, name: string, color: string, y: Float64Array): LineLayer => ({
    kind: 'line',
    id,
    name,
    color,
    x: xs,
    y,
    width: 2,
  })
  return {
    title: 'Bytes so far',
    x: xAxisModel(x),
    y: { label: 'bytes so far', quantity: 'bytes', scale: 'log' },
    layers: [
      ...(dim === undefined
        ? []
        : [
            {
              ...line('dimensional', 'FedAvg', 'dimensional', view.dimensionalBytes(dim)),
              dash: 'dashed' as const,
              width: 1.5,
            },
          ]),
      {
        ...line('paper', 'paper', 'faint', view.paperBytes),
        dash: 'dotted' as const,
        width: 1.5,
      },
      line('down', 'down', 'downlink', view.columns.cumulativeDownlinkBytes),
      line('up', 'up', 'uplink', view.columns.cumulativeUplinkBytes),
    ],
    markers,
    emptyText: isOver ? noRound : 'Bytes appear with the first round.',
  }
}

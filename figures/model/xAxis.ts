/** What runs can be drawn against: rounds, bytes, forward passes, time. */
import { networkTitle, type RunConfig } from '../../core/config/index.ts'
import type { Columns } from '../../core/runs/index.ts'
import type { AxisModel, Scale } from './chartModel.ts'
import { lowerBound, type Window } from './decimate.ts'

export type XAxisName = 'round' | 'bytes' | 'forwardPasses' | 'time' | 'simulated'

const xAxisOptions = [
  { value: 'round', label: 'Round' },
  { value: 'bytes', label: 'Bytes', detail: 'Sent by all clients and the server so far' },
  {
    value: 'forwardPasses',
    label: 'Passes',
    detail: 'Forward passes: minibatch losses measured so far',
  },
  { value: 'time', label: 'Time', detail: 'Wall-clock time since the run began' },
  {
    value: 'simulated',
    label: 'On network',
    detail: 'Simulated time: what bytes and passes would have taken on the network of the run',
  },
] as const satisfies readonly { value: XAxisName; label: string; detail?: string }[]

/** Whether one of the runs has a simulated time to be drawn against. */
export function haveNetwork(configs: readonly Pick<RunConfig, 'network'>[]): boolean {
  return configs.some((config) => networkTitle(config) !== undefined)
}

/** What there is to choose. */
export function xAxisOptionsOf(hasNetwork: boolean) {
  return hasNetwork ? xAxisOptions : xAxisOptions.filter(({ value }) => value !== 'simulated')
}

/** What was chosen, as far as there is such an axis. */
export function xAxisOf(chosen: XAxisName, hasNetwork: boolean): XAxisName {
  return chosen === 'simulated' && !hasNetwork ? 'round' : chosen
}

const axes: Readonly<Record<XAxisName, Omit<AxisModel, 'scale'>>> = {
  round: { label: 'round', quantity: 'count' },
  bytes: { label: 'bytes sent', quantity: 'bytes' },
  forwardPasses: { label: 'forward passes', quantity: 'count' },
  time: { label: 'time', quantity: 'duration' },
  simulated: { label: 'simulated time', quantity: 'duration' },
}

export function xAxisModel(name: XAxisName, scale: Scale = 'linear'): AxisModel {
  return { ...axes[name], scale }
}

/** The x of every row. Bytes are both directions together. */
export function xColumn(columns: Columns, name: XAxisName): Float64Array {
  switch (name) {
    case 'round':
      return columns.round
    case 'bytes':
      return totalBytes(columns)
    case 'forwardPasses':
      return columns.cumulativeForwardPasses
    case 'time':
      return columns.elapsedMs
    case 'simulated':
      return columns.simulatedMs
  }
}

function totalBytes({ cumulativeUplinkBytes, cumulativeDownlinkBytes }: Columns): Float64Array {
  return cumulativeUplinkBytes.map((bytes, at) => bytes + cumulativeDownlinkBytes[at]!)
}

/** x of a round that is counted from one; the ends for rounds outside. */
export function xOfRound(columns: Columns, x: Float64Array, round: number): number {
  const at = Math.min(lowerBound(columns.round, round), x.length - 1)
  return x[at] ?? 0
}

/**
 * The round, counted from one, that stands at an x: each reaches half the way to its neighbours, so
 * that what is painted of it lies around its point on a line. 0 before the first, −1 behind the
 * newest.
 */
export function roundAround(columns: Columns, x: Float64Array, at: number): number {
  const last = x.length - 1
  if (last < 0) return at < 0 ? 0 : -1
  const above = Math.min(lowerBound(x, at), last)
  const below = Math.max(0, x[above]! > at ? above - 1 : above)
  const step = (a: number, b: number) => (a === b ? Math.max(x[0]!, 1) : x[b]! - x[a]!)
  if (at < x[0]! - step(0, Math.min(1, last)) / 2) return 0
  if (at > x[last]! + step(Math.max(0, last - 1), last) / 2) return -1
  const nearest = at - x[below]! < x[above]! - at ? below : above
  return columns.round[nearest] ?? 0
}

/** All there is, from the axis' beginning; log axes begin at the first row. */
export function xExtent(x: Float64Array, scale: Scale): Window {
  const last = x.at(-1) ?? 1
  const first = x[0] ?? 0
  if (scale === 'log') {
    const from = first > 0 ? first : (x.find((value) => value > 0) ?? 1)
    return { from, to: last > from ? last : from * 10 }
  }
  return { from: 0, to: Math.max(last, 1) }
}

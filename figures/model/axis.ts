/**
 * Axes: extents that look calm, ticks at round numbers of their quantity, and what is written at
 * them.
 */
import { formatBytes, formatCount, formatDuration } from './quantityText.ts'
import type { AxisModel, Quantity, Scale } from './chartModel.ts'
import type { Window } from './decimate.ts'

/** Where axes are linear: x itself, or its decimal logarithm. */
export function toScale(scale: Scale, value: number): number {
  return scale === 'log' ? Math.log10(value) : value
}

export function fromScale(scale: Scale, position: number): number {
  return scale === 'log' ? 10 ** position : position
}

/** Ascending round numbers within a window, about `count` of them. */
export function ticksOf(
  window: Window,
  { quantity, scale, ticks }: Pick<AxisModel, 'quantity' | 'scale' | 'ticks'>,
  count: number,
): number[] {
  const from = Math.min(window.from, window.to)
  const to = Math.max(window.from, window.to)
  if (!(to > from)) return []
  const own = ticks?.filter((tick) => tick >= from && tick <= to) ?? []
  if (own.length > 0 && own.length <= Math.max(2, count)) return own
  const linear = (wanted: number) => linearTicks(from, to, niceStep((to - from) / wanted, quantity))
  // Over half a decade a log axis is so close to a linear one that its round numbers are the better
  // ones, and don't crowd at its end.
  const isLog = scale === 'log' && to / from > 4
  return atLeastTwo(isLog ? (wanted) => logTicks(from, to, wanted) : linear, count)
}

/**
 * Round numbers may be so far apart that one alone is left, which says nothing of the scale: then
 * closer ones.
 */
function atLeastTwo(ticksFor: (count: number) => number[], count: number): number[] {
  const ticks = ticksFor(count)
  return ticks.length > 1 || count > 16 ? ticks : atLeastTwo(ticksFor, count * 1.5)
}

/**
 * The extent of an axis around what it shows: linear ones reach to the next tick, so that they
 * stand still while a line grows; log ones keep a little air.
 */
export function paddedExtent(axis: AxisModel, low: number, high: number, ticks = 5): Window {
  if (axis.extent !== undefined) return axis.extent
  for (const value of axis.include ?? []) {
    if (axis.scale === 'log' && value <= 0) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  // A band around shares may reach beyond them: there is nothing to see there.
  if (axis.quantity === 'share') [low, high] = [Math.max(0, low), Math.min(1, high)]
  if (!(low <= high)) return axis.scale === 'log' ? { from: 0.1, to: 10 } : { from: 0, to: 1 }
  if (axis.scale === 'log') {
    const air = low === high ? 3 : (high / low) ** 0.04
    return { from: low / air, to: high * air }
  }
  if (low === high) {
    const air = low === 0 ? 1 : Math.abs(low) * 0.5
    return { from: low >= 0 && low - air < 0 ? 0 : low - air, to: high + air }
  }
  const step = niceStep((high - low) / ticks, axis.quantity)
  return {
    from: Math.floor(low / step + 1e-9) * step,
    to: Math.ceil(high / step - 1e-9) * step,
  }
}

/** A tick's text, in just the digits that its neighbours need. */
function formatTick(value: number, quantity: Quantity, step: number): string {
  switch (quantity) {
    case 'bytes':
      return formatBytes(value)
    case 'duration':
      return value === 0 ? '0 s' : formatDuration(value)
    case 'share':
      return `${(value * 100).toFixed(digitsFor(step * 100))} %`
    case 'count':
      return Math.abs(value) >= 10_000 ? shortCount(value) : formatCount(value)
    case 'value':
      return formatPlain(value, step)
  }
}

/** Ticks' texts; all of one axis together, since they share their digits. */
export function tickTexts(ticks: readonly number[], axis: AxisModel): string[] {
  const isLog = axis.scale === 'log'
  const spacing = ticks.length > 1 ? ticks[1]! - ticks[0]! : Math.abs(ticks[0] ?? 1) || 1
  return ticks.map((tick) => formatTick(tick, axis.quantity, isLog ? lastDigit(tick) : spacing))
}

/** The place of a tick's last digit that isn't 0: 0.1 of 2.5, 1000 of 3000. */
function lastDigit(tick: number): number {
  let place = 10 ** Math.floor(Math.log10(Math.abs(tick)) + 1e-9)
  for (
    let digits = 0;
    digits < 6 && Math.abs(tick / place - Math.round(tick / place)) > 1e-6;
    digits++
  )
    place /= 10
  return place
}

function niceStep(rough: number, quantity: Quantity): number {
  if (quantity === 'duration') return niceDuration(rough)
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const share = rough / magnitude
  const step = magnitude * (share <= 1.0001 ? 1 : share <= 2.0001 ? 2 : share <= 5.0001 ? 5 : 10)
  return quantity === 'count' || quantity === 'bytes' ? Math.max(1, step) : step
}

const seconds = 1000
const minutes = 60 * seconds
const hours = 60 * minutes
const durations = [
  ...[1, 2, 5, 10, 15, 30].map((value) => value * seconds),
  ...[1, 2, 5, 10, 15, 30].map((value) => value * minutes),
  ...[1, 2, 3, 6, 12, 24].map((value) => value * hours),
]

function niceDuration(rough: number): number {
  if (rough < seconds) return niceStep(rough, 'value')
  return durations.find((step) => step >= rough) ?? niceStep(rough / hours, 'value') * hours
}

function linearTicks(from: number, to: number, step: number): number[] {
  const ticks: number[] = []
  for (let at = Math.ceil(from / step - 1e-9); at * step <= to + step * 1e-9; at++)
    ticks.push(Number((at * step).toPrecision(12)))
  return ticks
}

/** First digits of ticks within a decade, from many to few. */
const logDigits = [[1, 2, 3, 5], [1, 2, 5], [1, 3], [1]]

function logTicks(from: number, to: number, count: number): number[] {
  const decades = Math.log10(to / from)
  const digits = logDigits.find(({ length }) => length * decades <= count * 1.25) ?? [1]
  const every = Math.max(1, Math.ceil(decades / count))
  const ticks: number[] = []
  for (let decade = Math.floor(Math.log10(from)); decade <= Math.log10(to); decade++) {
    if (digits.length === 1 && decade % every !== 0) continue
    for (const digit of digits) {
      const tick = Number((digit * 10 ** decade).toPrecision(3))
      if (tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9)) ticks.push(tick)
    }
  }
  return ticks
}

function digitsFor(step: number): number {
  return Math.max(0, Math.min(6, -Math.floor(Math.log10(step) + 1e-9)))
}

function formatPlain(value: number, step: number): string {
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (size < 1e-4 || size >= 1e6)
    return value
      .toExponential(digitsFor(Math.abs(step) / 10 ** Math.floor(Math.log10(size))))
      .replace('e+', 'e')
  if (size >= 10_000) return shortCount(value)
  return size >= 1000 ? formatCount(value) : value.toFixed(digitsFor(step))
}

function shortCount(value: number): string {
  const [divisor, suffix] =
    Math.abs(value) < 1e6 ? [1e3, 'k'] : Math.abs(value) < 1e9 ? [1e6, 'M'] : [1e9, 'G']
  return `${Number((value / divisor).toPrecision(4))}${suffix}`
}

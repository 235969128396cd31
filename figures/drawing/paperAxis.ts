/**
 * An axis as papers write it: one unit for the whole axis, in its name; powers of ten where it is
 * logarithmic over decades.
 */
import { ticksOf } from '../model/axis.ts'
import type { AxisModel } from '../model/chartModel.ts'
import type { Window } from '../model/decimate.ts'
import { richText, type RichText } from './richText.ts'

interface PaperTick {
  readonly value: number
  readonly text: RichText
}

export interface PaperAxis {
  readonly name: RichText
  readonly ticks: readonly PaperTick[]
  /** Values of small ticks without a text. */
  readonly minor: readonly number[]
}

export interface Unit {
  readonly name: string
  /** How many of the axis' values one unit is. */
  readonly size: number
}

const units: Readonly<Record<AxisModel['quantity'], readonly Unit[]>> = {
  count: [
    { name: '', size: 1 },
    { name: 'thousand', size: 1e3 },
    { name: 'million', size: 1e6 },
    { name: 'billion', size: 1e9 },
  ],
  value: [{ name: '', size: 1 }],
  bytes: [
    { name: 'B', size: 1 },
    { name: 'kB', size: 1e3 },
    { name: 'MB', size: 1e6 },
    { name: 'GB', size: 1e9 },
    { name: 'TB', size: 1e12 },
  ],
  duration: [
    { name: 'ms', size: 1 },
    { name: 's', size: 1e3 },
    { name: 'min', size: 6e4 },
    { name: 'h', size: 3.6e6 },
  ],
  share: [{ name: '%', size: 0.01 }],
}

/** Whether ticks are powers of ten. */
function showsPowers({ scale }: AxisModel, { from, to }: Window): boolean {
  return scale === 'log' && Math.abs(Math.log10(to / from)) >= powersFrom
}

/** The unit of an axis: the largest that leaves a readable number at its end. */
export function unitOfAxis(axis: AxisModel, window: Window): Unit {
  const { quantity } = axis
  const { from, to } = window
  if (showsPowers(axis, window))
    return quantity === 'duration' ? { name: 's', size: 1e3 } : units[quantity][0]!
  const end = Math.max(Math.abs(from), Math.abs(to))
  const least = quantity === 'duration' ? 3 : quantity === 'count' ? 20 : 2
  return units[quantity].findLast(({ size }) => end >= least * size) ?? units[quantity][0]!
}

export function axisName({ label, symbol }: AxisModel, { name: unit }: Unit): string {
  return [label, ...(symbol === undefined ? [] : [`*${symbol}*`]), ...(unit && [`(${unit})`])].join(
    ' ',
  )
}

/** Decades from which on ticks are powers of ten. */
const powersFrom = 2

/** @param room how many ticks with texts there is room for */
export function paperAxis(axis: AxisModel, window: Window, room: number): PaperAxis {
  const low = Math.min(window.from, window.to)
  const high = Math.max(window.from, window.to)
  const unit = unitOfAxis(axis, window)
  const name = richText(axisName(axis, unit))
  if (showsPowers(axis, window)) return { name, ...powers(low, high, room, unit.size) }
  const scaled = { from: low / unit.size, to: high / unit.size }
  const values = ticksOf(
    scaled,
    { quantity: wholeOnly(axis, unit) ? 'count' : 'value', scale: axis.scale },
    room,
  )
  const digits = digitsOf(values)
  return {
    name,
    ticks: values.map((value) => ({
      value: value * unit.size,
      text: richText(numberText(value, digits)),
    })),
    minor: [],
  }
}

/** Half a round is no tick. */
const wholeOnly = ({ quantity }: AxisModel, { size }: Unit) => quantity === 'count' && size === 1

function powers(low: number, high: number, room: number, size: number) {
  const first = Math.ceil(Math.log10(low / size) - 1e-9)
  const last = Math.floor(Math.log10(high / size) + 1e-9)
  const every = Math.max(1, Math.ceil((last - first + 1) / Math.max(2, room)))
  const ticks: PaperTick[] = []
  const minor: number[] = []
  for (let exponent = first - 1; exponent <= last; exponent++) {
    const value = 10 ** exponent * size
    if (exponent >= first && (exponent - first) % every === 0)
      ticks.push({ value, text: richText(powerText(exponent)) })
    else if (exponent >= first) minor.push(value)
    if (every === 1)
      for (let digit = 2; digit < 10; digit++)
        if (digit * value > low && digit * value < high) minor.push(digit * value)
  }
  return { ticks, minor }
}

function powerText(exponent: number): string {
  return exponent === 0 ? '1' : exponent === 1 ? '10' : `10^{${minus(String(exponent))}}`
}

/** Digits behind the point that all ticks of an axis share. */
function digitsOf(values: readonly number[]): number {
  for (let digits = 0; digits < 6; digits++)
    if (values.every((value) => Math.abs(value - Number(value.toFixed(digits))) < 1e-9))
      return digits
  return 6
}

function numberText(value: number, digits: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size >= 1e6 || size < 1e-4)) {
    const exponent = Math.floor(Math.log10(size) + 1e-9)
    const factor = Number((value / 10 ** exponent).toPrecision(3))
    const power = `10^{${minus(String(exponent))}}`
    return factor === 1 ? power : `${minus(String(factor))}·${power}`
  }
  return minus(value.toFixed(digits))
}

/** With a minus sign in place of the hyphen. */
const minus = (text: string) => text.replace('-', '−')

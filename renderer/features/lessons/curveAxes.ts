/** Where values of a question lie on its axis, as shares from 0 to 1, and back. */
import type { QuestionOfKind } from '../../../core/lessons/index.ts'

export type Axis = Pick<QuestionOfKind<'number'>, 'from' | 'to' | 'scale'>

/** Values outside the axis lie on its ends. */
export function shareOf(value: number, { from, to, scale }: Axis): number {
  const on = scale === 'log' ? Math.log : (it: number) => it
  if (scale === 'log' && value <= 0) return 0
  const share = (on(value) - on(from)) / (on(to) - on(from))
  return Math.min(1, Math.max(0, share))
}

export function valueAt(share: number, { from, to, scale }: Axis): number {
  return scale === 'log' ? from * (to / from) ** share : from + share * (to - from)
}

/** The most powers of ten that a log axis marks. */
const mostPowers = 5

/** Where an axis has its marks: at quarters, or on a log scale at powers of ten. */
export function marksOf(axis: Axis): readonly { readonly share: number; readonly value: number }[] {
  const at = (value: number) => ({ share: shareOf(value, axis), value })
  if (axis.scale !== 'log') return ticksOf(axis, 5).map(at)
  const [first, last] = [axis.from, axis.to].map(Math.log10) as [number, number]
  // Rounding: log10(1e-12) may lie beside -12.
  const [low, high] = [Math.ceil(first - 1e-9), Math.floor(last + 1e-9)]
  const step = Math.max(1, Math.ceil((high - low) / (mostPowers - 1)))
  const powers = Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, each) =>
    at(Number(`1e${low + each * step}`)),
  )
  return powers.length >= 2 ? powers : [at(axis.from), at(axis.to)]
}

/** Ticks of an axis: its ends and what lies evenly between. */
export function ticksOf(axis: Axis, count: number): number[] {
  return Array.from({ length: count }, (_, at) => valueAt(at / (count - 1), axis))
}

/** The measured points of a curve as shares: x of the rounds, y of the axis. */
export function pointsOf(curve: Float64Array, axis: Axis): { x: number; y: number }[] {
  const last = Math.max(1, curve.length - 1)
  return Array.from(curve, (value, at) => ({ x: at / last, value }))
    .filter(({ value }) => !Number.isNaN(value))
    .map(({ x, value }) => ({ x, y: shareOf(value, axis) }))
}

/** The mean distance of a drawn curve from the measured one, as a share of the axis. */
export function distance(
  drawn: readonly number[],
  points: readonly { readonly x: number; readonly y: number }[],
): number {
  if (points.length === 0) return Number.NaN
  const sum = points.reduce((total, { x, y }) => total + Math.abs(y - heightAt(drawn, x)), 0)
  return sum / points.length
}

/** The height of a drawn curve between its handles. */
function heightAt(drawn: readonly number[], x: number): number {
  const at = x * (drawn.length - 1)
  const left = Math.min(drawn.length - 2, Math.floor(at))
  return drawn[left]! + (drawn[left + 1]! - drawn[left]!) * (at - left)
}

/** The marks of the axes that a curve is drawn on. */
import { expect, it } from 'vitest'
import { marksOf } from './curveAxes.ts'

const valuesOf = (from: number, to: number, scale: 'linear' | 'log') =>
  marksOf({ from, to, scale }).map(({ value }) => value)

it('stand at quarters, and on a log axis at powers of ten', () => {
  expect(valuesOf(0, 1, 'linear')).toEqual([0, 0.25, 0.5, 0.75, 1])
  expect(valuesOf(0.01, 10_000, 'log')).toEqual([0.01, 1, 100, 10_000])
  expect(valuesOf(1e-12, 10_000, 'log')).toEqual([1e-12, 1e-8, 1e-4, 1, 10_000])
  expect(valuesOf(0.2, 3, 'log')).toEqual([0.2, 3])
})

it('stand where their values lie', () => {
  expect(marksOf({ from: 0.01, to: 1, scale: 'log' }).map(({ share }) => share)).toEqual([
    0, 0.5, 1,
  ])
})

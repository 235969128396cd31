import { expect, test } from 'vitest'
import { lossScaleOf } from './lossScale.ts'

test('a loss that falls to a millionth is seen on a log scale, and one with a zero on a linear one', () => {
  const of = (...values: number[]) => lossScaleOf(Float64Array.from(values))
  expect(of(2.3, NaN, 0.4)).toBe('linear')
  expect(of(2e6, 3, 4e-9)).toBe('log')
  expect(of(1, 0)).toBe('linear')
  expect(of()).toBe('linear')
  expect(lossScaleOf(Float64Array.of(5), Float64Array.of(1e-4))).toBe('log')
})

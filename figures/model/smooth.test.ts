import { describe, expect, it } from 'vitest'
import { MovingAverage, smooth } from './smooth.ts'

describe('smooth', () => {
  it('leaves a constant as it is, from the first point on', () => {
    for (const value of smooth(new Float64Array(50).fill(3), 0.9)) expect(value).toBeCloseTo(3, 12)
  })

  it('is the column itself at weight 0', () => {
    const column = Float64Array.of(1, 5, 2)
    expect(smooth(column, 0)).toBe(column)
  })

  it('passes over what was not measured', () => {
    const smoothed = smooth(Float64Array.of(1, NaN, 3), 0.5)
    expect(smoothed[0]).toBe(1)
    expect(smoothed[1]).toBeNaN()
    expect(smoothed[2]).toBeCloseTo((0.25 * 1 + 0.5 * 3) / 0.75, 12)
  })
})

describe('MovingAverage', () => {
  it('gives the same whether a column grows or comes whole', () => {
    const column = Float64Array.from({ length: 3000 }, (_, at) => Math.sin(at))
    const average = new MovingAverage(0.95)
    for (const length of [1, 10, 999, 2000]) average.extend(column.subarray(0, length))
    expect([...average.extend(column)]).toEqual([...smooth(column, 0.95)])
  })

  it('starts again when the column became shorter', () => {
    const average = new MovingAverage(0.5)
    average.extend(Float64Array.of(1, 2, 3))
    expect([...average.extend(Float64Array.of(9, 9))]).toEqual([9, 9])
  })
})

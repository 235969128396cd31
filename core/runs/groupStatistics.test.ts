import { describe, expect, it } from 'vitest'
import { groupCurves, studentQuantile, summarize, type Curve } from './groupStatistics.ts'

const curve = (x: number[], y: number[]): Curve => ({
  x: Float64Array.from(x),
  y: Float64Array.from(y),
})

describe('summarize', () => {
  it('gives mean, sample standard deviation and the t interval', () => {
    const summary = summarize([1, 2, 3, 4])
    expect(summary.n).toBe(4)
    expect(summary.mean).toBe(2.5)
    expect(summary.std).toBeCloseTo(Math.sqrt(5 / 3), 12)
    expect(summary.halfWidth).toBeCloseTo((3.182 * Math.sqrt(5 / 3)) / 2, 12)
  })

  it('has no spread for one run, and no mean for none', () => {
    expect(summarize([7])).toEqual({ n: 1, mean: 7, std: NaN, halfWidth: NaN })
    expect(summarize([NaN])).toEqual({ n: 0, mean: NaN, std: NaN, halfWidth: NaN })
  })

  it('keeps the digits of a small spread around a large mean', () => {
    expect(summarize([1e9, 1e9 + 1, 1e9 + 2]).std).toBeCloseTo(1, 6)
  })
})

describe('studentQuantile', () => {
  it('agrees with published tables within and beyond its own', () => {
    expect(studentQuantile(1)).toBe(12.706)
    expect(studentQuantile(40)).toBeCloseTo(2.021, 3)
    expect(studentQuantile(120)).toBeCloseTo(1.98, 3)
    expect(studentQuantile(100_000)).toBeCloseTo(1.96, 3)
  })
})

describe('groupCurves', () => {
  it('averages runs measured at the same x', () => {
    const group = groupCurves([curve([1, 2, 3], [1, 2, 3]), curve([1, 2, 3], [3, 4, 5])])
    expect([...group.x]).toEqual([1, 2, 3])
    expect([...group.n]).toEqual([2, 2, 2])
    expect([...group.mean]).toEqual([2, 3, 4])
    expect(group.std[0]).toBeCloseTo(Math.SQRT2, 12)
  })

  it('interpolates runs that were measured elsewhere', () => {
    const group = groupCurves([curve([0, 10], [0, 10]), curve([0, 5, 10], [0, 0, 0])])
    expect([...group.x]).toEqual([0, 5, 10])
    expect([...group.mean]).toEqual([0, 2.5, 5])
  })

  it('counts a run only where it was measured: n falls where short runs end', () => {
    const group = groupCurves([curve([1, 2], [1, 1]), curve([1, 2, 3], [3, 3, 3])])
    expect([...group.n]).toEqual([2, 2, 1])
    expect([...group.mean]).toEqual([2, 2, 3])
    expect(group.std[2]).toBeNaN()
  })

  it('thins a grid that no screen could show, and keeps its ends', () => {
    const x = Float64Array.from({ length: 50_000 }, (_, at) => at)
    const group = groupCurves([{ x, y: x }])
    expect(group.x.length).toBe(10_000)
    expect(group.x[0]).toBe(0)
    expect(group.x.at(-1)).toBe(49_999)
    expect(group.mean[1234]).toBe(group.x[1234])
  })

  it('is empty for curves without points', () => {
    expect(groupCurves([curve([], [])]).x.length).toBe(0)
    expect(groupCurves([]).x.length).toBe(0)
  })
})

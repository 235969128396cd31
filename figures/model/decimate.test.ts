import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { averageColumns, decimate, lowerBound, measuredAt } from './decimate.ts'

const ramp = (length: number) => Float64Array.from({ length }, (_, at) => at)
const ys = (points: Float64Array) => [...points].filter((_, at) => at % 2 === 1)
const xs = (points: Float64Array) => [...points].filter((_, at) => at % 2 === 0)

describe('decimate', () => {
  it('gives at most two points per column, ascending, and keeps every extreme', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), {
          minLength: 300,
          maxLength: 900,
        }),
        fc.integer({ min: 8, max: 100 }),
        (values, columns) => {
          const y = Float64Array.from(values)
          const x = ramp(y.length)
          const points = decimate(x, y, { from: 0, to: y.length - 1 }, columns)
          expect(points.length / 2).toBeLessThanOrEqual(2 * columns + 2)
          expect(Math.max(...ys(points))).toBe(Math.max(...values))
          expect(Math.min(...ys(points))).toBe(Math.min(...values))
          expect(xs(points)).toEqual(xs(points).toSorted((a, b) => a - b))
        },
      ),
    )
  })

  it('keeps, of an area’s edge, the outermost value of every column and nothing else', () => {
    const y = Float64Array.from({ length: 1000 }, (_, at) => (at * 7919) % 101)
    const window = { from: 0, to: 999 }
    const both = decimate(ramp(1000), y, window, 10)
    const most = decimate(ramp(1000), y, window, 10, undefined, 'greatest')
    const least = decimate(ramp(1000), y, window, 10, undefined, 'least')
    expect(most.length / 2).toBe(10)
    expect([...ys(most), ...ys(least)].toSorted()).toEqual(ys(both).toSorted())
    expect(Math.min(...ys(most))).toBeGreaterThan(Math.max(...ys(least)))
  })

  it('keeps one point on each side of the window, so that the line crosses its edge', () => {
    const x = ramp(1000)
    expect(xs(decimate(x, x, { from: 100.5, to: 103.5 }, 50))).toEqual([100, 101, 102, 103, 104])
    const dense = xs(decimate(x, x, { from: 100.5, to: 899.5 }, 50))
    expect(dense[0]).toBe(100)
    expect(dense.at(-1)).toBe(900)
  })

  it('skips what was not measured, also at the edges', () => {
    const x = ramp(100)
    const y = x.map((value) => (value % 10 === 0 ? value : NaN))
    expect(ys(decimate(x, y, { from: 15, to: 45 }, 50))).toEqual([10, 20, 30, 40, 50])
    expect(ys(decimate(x, y, { from: 0, to: 99 }, 20))).toEqual([
      0, 10, 20, 30, 40, 50, 60, 70, 80, 90,
    ])
    expect(
      decimate(
        x,
        x.map(() => NaN),
        { from: 0, to: 99 },
        20,
      ).length,
    ).toBe(0)
  })

  it('is empty without points', () => {
    const none = new Float64Array()
    expect(decimate(none, none, { from: 0, to: 1 }, 10).length).toBe(0)
  })
})

describe('averageColumns', () => {
  it('averages what shares a column and copies what does not', () => {
    const x = ramp(1000)
    const y = x.map((value) => (value % 2 === 0 ? 0 : 10))
    const points = averageColumns(x, y, { from: 0, to: 999 }, 10)
    expect(points.length / 2).toBeLessThanOrEqual(12)
    for (const value of ys(points)) expect(value).toBeCloseTo(5, 0)
    expect(averageColumns(ramp(3), ramp(3), { from: 0, to: 2 }, 10).length).toBe(6)
  })
})

describe('measuredAt', () => {
  it('finds the last measured point at or before x', () => {
    const x = Float64Array.of(1, 2, 3, 4)
    const y = Float64Array.of(NaN, 5, NaN, NaN)
    expect(measuredAt(x, y, 3.5)).toBe(1)
    expect(measuredAt(x, y, 1.5)).toBe(-1)
    expect(measuredAt(x, y, 0)).toBe(-1)
    expect(lowerBound(x, 3)).toBe(2)
  })
})

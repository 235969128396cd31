/** Contours are where the function has their level. */
import { describe, expect, it } from 'vitest'
import { contoursOf, levelsOf, refined } from './contours.ts'

const side = 21
const gridOf = (f: (x: number, y: number) => number) =>
  Float64Array.from({ length: side * side }, (_, at) => f(at % side, Math.floor(at / side)))

describe('contours', () => {
  it('of a slope are straight, at the level exactly', () => {
    const [contour] = contoursOf(
      gridOf((x, y) => 2 * x + y),
      side,
      [13.5],
    )
    expect(contour!.segments.length).toBeGreaterThan(10)
    for (const [x1, y1, x2, y2] of contour!.segments) {
      expect(2 * x1 + y1).toBeCloseTo(13.5, 10)
      expect(2 * x2 + y2).toBeCloseTo(13.5, 10)
    }
  })

  it('of a bowl are closed circles', () => {
    const [contour] = contoursOf(
      gridOf((x, y) => (x - 10) ** 2 + (y - 10) ** 2),
      side,
      [36],
    )
    const ends = new Map<string, number>()
    for (const [x1, y1, x2, y2] of contour!.segments) {
      expect(Math.hypot(x1 - 10, y1 - 10)).toBeCloseTo(6, 1)
      for (const [x, y] of [
        [x1, y1],
        [x2, y2],
      ]) {
        const key = `${x!.toFixed(6)} ${y!.toFixed(6)}`
        ends.set(key, (ends.get(key) ?? 0) + 1)
      }
    }
    expect([...ends.values()].every((count) => count === 2)).toBe(true)
  })

  it('of a saddle never cross', () => {
    const values = Float64Array.of(1, 0, 0, 1)
    const [low, high] = contoursOf(values, 2, [0.4, 0.6])
    expect(low!.segments).toHaveLength(2)
    expect(high!.segments).toHaveLength(2)
    // The middle, 0.5, is above the lower level: its lines cut off the low corners.
    for (const [x1, y1] of low!.segments) expect(Math.abs(x1 - y1)).toBeGreaterThan(0.5)
  })

  it('leave out what is not finite, and need two heights', () => {
    const values = gridOf((x) => (x > 10 ? Number.NaN : x))
    for (const [x1] of contoursOf(values, side, [3.5, 15])[0]!.segments) expect(x1).toBe(3.5)
    expect(levelsOf(values, 5)).toEqual([1, 3, 5, 7, 9])
    expect(levelsOf(new Float64Array(4).fill(2), 5)).toEqual([2])
    expect(levelsOf(new Float64Array(4).fill(Number.NaN), 5)).toEqual([])
  })

  it('are finer in a refined grid, which holds the same points and bends as they do', () => {
    const f = (x: number, y: number) => (x - 10) ** 2 + x * y
    const fine = refined(gridOf(f), side, 4)
    const length = 20 * 4 + 1
    expect(fine).toHaveLength(length ** 2)
    for (let at = 0; at < fine.length; at += 7) {
      const [x, y] = [(at % length) / 4, Math.floor(at / length) / 4]
      // At the rim the neighbour beyond is a guess.
      if (x >= 1 && x <= 19) expect(fine[at]).toBeCloseTo(f(x, y), 9)
    }
    expect(
      refined(
        gridOf(() => Number.NaN),
        side,
        2,
      ).every(Number.isNaN),
    ).toBe(true)
  })
})

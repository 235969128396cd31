import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { paddedExtent, ticksOf, tickTexts, toScale, fromScale } from './axis.ts'
import type { AxisModel, Quantity, Scale } from './chartModel.ts'

const axis = (quantity: Quantity, scale: Scale = 'linear', more: Partial<AxisModel> = {}) => ({
  label: 'x',
  quantity,
  scale,
  ...more,
})
const texts = (from: number, to: number, of: AxisModel, count = 5) =>
  tickTexts(ticksOf({ from, to }, of, count), of)

describe('ticks', () => {
  it('stand at round numbers', () => {
    expect(texts(0, 2000, axis('count'))).toEqual(['0', '500', '1,000', '1,500', '2,000'])
    expect(texts(0, 60_000, axis('count'))).toEqual(['0', '20k', '40k', '60k'])
    expect(texts(0, 1, axis('share'))).toEqual(['0 %', '20 %', '40 %', '60 %', '80 %', '100 %'])
    expect(texts(2.2, 2.31, axis('value'))).toEqual(['2.20', '2.25', '2.30'])
  })

  it('are two at least, however little room there is', () => {
    expect(texts(-40, 40, axis('value'), 1)).toEqual(['-40', '-20', '0', '20', '40'])
  })

  it('of times stand at seconds, minutes and hours', () => {
    expect(texts(0, 120_000, axis('duration'))).toEqual([
      '0 s',
      '30 s',
      '1 min',
      '1 min 30 s',
      '2 min',
    ])
    expect(texts(0, 4 * 3_600_000, axis('duration'))).toEqual(['0 s', '1 h', '2 h', '3 h', '4 h'])
  })

  it('of counts and bytes never split one', () => {
    expect(texts(0, 3, axis('count'))).toEqual(['0', '1', '2', '3'])
    expect(texts(0, 1500, axis('bytes'), 3)).toEqual(['0 B', '500 B', '1 kB', '1.5 kB'])
  })

  it('of log axes are decades, with steps between where there is room', () => {
    expect(texts(100, 1e9, axis('bytes', 'log'), 8)).toEqual([
      '100 B',
      '1 kB',
      '10 kB',
      '100 kB',
      '1 MB',
      '10 MB',
      '100 MB',
      '1 GB',
    ])
    expect(texts(0.1, 10, axis('value', 'log'))).toEqual(['0.1', '0.2', '0.5', '1', '2', '5', '10'])
    expect(texts(0.4, 6, axis('value', 'log'))).toEqual(['0.5', '1', '2', '3', '5'])
  })

  it('of log axes are evenly apart where a log axis is nearly linear', () => {
    expect(texts(7300, 14_200, axis('value', 'log'))).toEqual(['8,000', '10k', '12k', '14k'])
    expect(texts(1.4, 3.2, axis('value', 'log'))).toEqual(['1.5', '2', '2.5', '3'])
    expect(texts(2.31, 2.34, axis('value', 'log'), 3)).toEqual(['2.31', '2.32', '2.33', '2.34'])
  })

  it('of log axes are two at least, and never crowd, whatever the window', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -8, max: 8, noNaN: true }),
        fc.double({ min: 0.02, max: 9, noNaN: true }),
        fc.integer({ min: 2, max: 8 }),
        (start, decades, count) => {
          const window = { from: 10 ** start, to: 10 ** (start + decades) }
          const of = axis('value', 'log')
          const ticks = ticksOf(window, of, count)
          expect(ticks.length).toBeGreaterThanOrEqual(2)
          // A step that leaves one tick spans less than two steps; the next smaller one, 2.5 times
          // as close, then has five at most.
          expect(ticks.length).toBeLessThanOrEqual(Math.max(5, count * 1.5 + 1))
          expect(new Set(tickTexts(ticks, of)).size).toBe(ticks.length)
        },
      ),
    )
  })

  it('of log axes stay apart on screen', () => {
    for (const decades of [0.3, 0.5, 0.7, 1, 1.2, 1.7, 2.5, 4, 8]) {
      const positions = ticksOf(
        { from: 0.4, to: 0.4 * 10 ** decades },
        axis('value', 'log'),
        5,
      ).map((tick) => toScale('log', tick) / decades)
      for (const [index, position] of positions.slice(1).entries())
        // Of 180 pixels, less than a line of text.
        expect((position - positions[index]!) * 180).toBeGreaterThan(12)
    }
  })
})

describe('paddedExtent', () => {
  it('reaches to the next tick on linear axes', () => {
    expect(paddedExtent(axis('value'), 0.13, 2.29)).toEqual({ from: 0, to: 2.5 })
  })

  it('of shares does not follow a band beyond them', () => {
    expect(paddedExtent(axis('share'), -0.3, 0.83)).toEqual({ from: 0, to: 1 })
  })

  it('includes what it must', () => {
    expect(paddedExtent(axis('bytes', 'linear', { include: [0] }), 300, 310).from).toBe(0)
  })

  it('keeps a little air on log axes, and has an extent without data', () => {
    const { from, to } = paddedExtent(axis('bytes', 'log'), 10, 1000)
    expect(from).toBeLessThan(10)
    expect(to).toBeGreaterThan(1000)
    expect(paddedExtent(axis('value'), Infinity, -Infinity)).toEqual({ from: 0, to: 1 })
  })
})

describe('scales', () => {
  it('undo each other', () => {
    expect(fromScale('log', toScale('log', 37))).toBeCloseTo(37, 10)
    expect(fromScale('linear', toScale('linear', 37))).toBe(37)
  })
})

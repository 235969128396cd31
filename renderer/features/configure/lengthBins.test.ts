import { describe, expect, it } from 'vitest'
import { lengthBins, shortenedCount } from './lengthBins.ts'

const lengths = Int32Array.from(
  { length: 200 },
  (_, i) => 3 + ((i * 37) % 90) + (i === 7 ? 5000 : 0),
)

describe('bins of lengths', () => {
  it.each([1, 8, 40, 64, 500])('hold every row once, with an edge at a limit of %i', (limit) => {
    const bins = lengthBins(lengths, limit)
    expect(bins.reduce((sum, { count }) => sum + count, 0)).toBe(lengths.length)
    bins.slice(1).forEach((bin, index) => expect(bin.from).toBe(bins[index]!.to))
    const shortened = bins.filter((it) => it.isShortened).reduce((sum, it) => sum + it.count, 0)
    expect(shortened).toBe(shortenedCount(lengths, limit))
    expect(bins.length).toBeLessThanOrEqual(27)
  })

  it('are none without rows', () => {
    expect(lengthBins(new Int32Array(), 8)).toEqual([])
  })
})

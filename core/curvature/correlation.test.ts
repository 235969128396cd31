import { describe, expect, it } from 'vitest'
import { RandomStream } from '../random/index.ts'
import { logCorrelation, rankCorrelation, ranksOf } from './correlation.ts'

describe('ranks', () => {
  it('start at 1, and equals share their mean', () => {
    expect([...ranksOf([30, 10, 20, 20, 5])]).toEqual([5, 2, 3.5, 3.5, 1])
  })
})

describe('rank correlation', () => {
  it('is 1 for anything monotone and −1 for its reverse', () => {
    const a = Array.from({ length: 50 }, (_, j) => j)
    expect(
      rankCorrelation(
        a,
        a.map((x) => Math.exp(x / 5)),
      ).value,
    ).toBeCloseTo(1, 12)
    expect(
      rankCorrelation(
        a,
        a.map((x) => -(x ** 3)),
      ).value,
    ).toBeCloseTo(-1, 12)
  })

  it('is what R gives for a small sample with ties: cor(…, method = "spearman")', () => {
    // Ranks 1, 2.5, 2.5, 4, 5 and 2, 1, 3, 4.5, 4.5: (Σ r s − 45) / √(9.5 · 9.5) = (52.5 − 45) /
    // 9.5
    expect(rankCorrelation([1, 2, 2, 3, 4], [6, 5, 7, 8, 8]).value).toBeCloseTo(7.5 / 9.5, 12)
  })

  it('of independent samples lies within its standard error of 0 as often as it says', () => {
    const stream = new RandomStream(4, 'curvature')
    const draw = () => Float64Array.from({ length: 200 }, () => stream.normal())
    let within = 0
    for (let trial = 0; trial < 300; trial++) {
      const { value, error } = rankCorrelation(draw(), draw())
      if (Math.abs(value) < error) within++
    }
    // 68% of 300 is 205; five standard errors are 40.
    expect(within).toBeGreaterThan(165)
    expect(within).toBeLessThan(245)
  })

  it('says nothing of constants', () => {
    expect(rankCorrelation([1, 1, 1, 1], [1, 2, 3, 4]).value).toBeNaN()
  })
})

describe('correlation of logarithms', () => {
  it('is 1 for a power law, of the pairs that have logarithms', () => {
    const { value, count } = logCorrelation([1, 2, 4, 8, -1, 3], [1, 4, 16, 64, 5, 0])
    expect(value).toBeCloseTo(1, 12)
    expect(count).toBe(4)
  })
})

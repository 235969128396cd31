import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { krum, krumScores, mean, median, trimmedMean } from './index.ts'

const rowsOf = (...rows: readonly (readonly number[])[]) =>
  rows.map((row) => Float32Array.from(row))

/** n rows of d numbers near 1, then f rows of anything. */
const underAttack = fc
  .record({ attackers: fc.nat(4), dim: fc.integer({ min: 1, max: 5 }), extra: fc.nat(4) })
  .chain(({ attackers, dim, extra }) => {
    const rows = (count: number, value: fc.Arbitrary<number>) =>
      fc.array(fc.array(value, { minLength: dim, maxLength: dim }), {
        minLength: count,
        maxLength: count,
      })
    return fc.record({
      attackers: fc.constant(attackers),
      honest: rows(attackers + 3 + extra, fc.double({ min: 0.5, max: 1.5, noNaN: true })),
      forged: rows(attackers, fc.double({ min: -1e30, max: 1e30, noNaN: true })),
    })
  })

const aggregators = {
  mean: () => mean,
  median: () => median,
  trimmedMean: (attackers: number) => trimmedMean(attackers),
  krum: (attackers: number) => krum(attackers, 1),
  multiKrum: (attackers: number) => krum(attackers, 2),
}

describe.each(['median', 'trimmedMean', 'krum'] as const)('%s', (kind) => {
  test('stays among the honest whatever f of 2f + 3 send', () => {
    fc.assert(
      fc.property(underAttack, ({ attackers, honest, forged }) => {
        const aggregate = aggregators[kind](attackers).aggregate(rowsOf(...honest, ...forged))
        // Krum answers with a whole row, which may be an attacker's, but then one as near to the
        // honest as they are to each other.
        const slack = kind === 'krum' ? Math.sqrt(honest[0]!.length) * honest.length : 1e-6
        for (const value of aggregate) {
          expect(value).toBeGreaterThanOrEqual(0.5 - slack)
          expect(value).toBeLessThanOrEqual(1.5 + slack)
        }
      }),
    )
  })
})

describe.each(Object.keys(aggregators) as (keyof typeof aggregators)[])('%s', (kind) => {
  test('of equal rows is that row', () => {
    const rows = rowsOf([1, -2, 3], [1, -2, 3], [1, -2, 3], [1, -2, 3], [1, -2, 3])
    expect([...aggregators[kind](1).aggregate(rows)]).toEqual([1, -2, 3])
  })

  test('of one row is that row, and changes nothing that it is given', () => {
    const rows = rowsOf([4, 2])
    expect([...aggregators[kind](1).aggregate(rows)]).toEqual([4, 2])
    expect(rows).toEqual(rowsOf([4, 2]))
  })
})

describe('known answers', () => {
  test('the mean of rows', () => {
    expect([...mean.aggregate(rowsOf([1, 5], [2, 5], [6, 5]))]).toEqual([3, 5])
  })

  test('the median of an odd and of an even number', () => {
    expect([...median.aggregate(rowsOf([1, 9], [7, -3], [2, 4]))]).toEqual([2, 4])
    expect([...median.aggregate(rowsOf([1], [9], [2], [4]))]).toEqual([3])
  })

  test('the mean without the largest and the smallest', () => {
    expect([...trimmedMean(1).aggregate(rowsOf([100], [1], [2], [3], [-100]))]).toEqual([2])
  })

  test('a trimmed mean of too few cuts what it can', () => {
    expect([...trimmedMean(3).aggregate(rowsOf([1], [2], [4], [100]))]).toEqual([3])
  })

  test('Krum scores: the sum of the n − f − 2 least squared distances', () => {
    const rows = rowsOf([0], [1], [3], [4], [100])
    // n = 5, f = 1: two neighbours each.
    expect([...krumScores(rows, 1)]).toEqual([1 + 9, 1 + 4, 4 + 1, 1 + 9, 96 ** 2 + 97 ** 2])
  })

  test('Krum chooses the first of the best, multi-Krum averages', () => {
    const rows = rowsOf([0], [1], [3], [4], [100])
    expect([...krum(1, 1).aggregate(rows)]).toEqual([1])
    expect([...krum(1, 2).aggregate(rows)]).toEqual([2])
  })

  test('one attacker moves the mean at will', () => {
    expect([...mean.aggregate(rowsOf([1], [1], [1], [-1e6]))][0]).toBeLessThan(-2e5)
  })
})

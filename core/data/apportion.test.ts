import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { apportion } from './apportion.ts'
import { raiseToMinimum } from './minimum.ts'

describe('apportion', () => {
  it('gives whole quotas, then the largest remainders, ties to the lower index', () => {
    expect([...apportion(10, [1, 1, 1])]).toEqual([4, 3, 3])
    expect([...apportion(7, [5, 3, 1])]).toEqual([4, 2, 1])
    expect([...apportion(3, [0, 1, 0, 1])]).toEqual([0, 2, 0, 1])
    expect([...apportion(0, [0, 0])]).toEqual([0, 0])
  })

  it('shares out everything, each part within one of its quota, nothing to a weight of 0', () => {
    const weight = fc.oneof(
      fc.constant(0),
      fc.double({ min: 1e-300, max: 1e300, noNaN: true }),
      fc.double({ min: 0.1, max: 1, noNaN: true }),
    )
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.array(weight, { minLength: 1, maxLength: 40 }),
        (total, weights) => {
          fc.pre(weights.some((value) => value > 0))
          const shares = apportion(total, weights)
          expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total)
          const largest = Math.max(...weights)
          const sum = weights.reduce((all, value) => all + value / largest, 0)
          shares.forEach((share, index) => {
            expect(Math.abs(share - (total * (weights[index]! / largest)) / sum)).toBeLessThan(
              1 + 1e-5,
            )
            if (weights[index] === 0) expect(share).toBe(0)
          })
        },
      ),
      { numRuns: 500 },
    )
  })
})

describe('raising to a minimum', () => {
  it('takes samples one by one from the largest', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(30), { minLength: 1, maxLength: 12 }),
        fc.nat(20),
        (sizes, minimum) => {
          fc.pre(sizes.length * minimum <= sizes.reduce((sum, size) => sum + size, 0))
          const expected = [...sizes]
          for (let client = 0; client < sizes.length; client++) {
            while (expected[client]! < minimum) {
              const largest = expected.lastIndexOf(Math.max(...expected))
              expected[largest]!--
              expected[client]!++
            }
          }
          expect([...raiseToMinimum(Uint32Array.from(sizes), minimum)]).toEqual(expected)
        },
      ),
    )
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { summarizeCosts, type Cost } from './censored.ts'
import { pairedRatio } from './pairedRatio.ts'

const reached = (...values: number[]): Cost[] => values.map((value) => ({ value, isReached: true }))
const notReached = (...values: number[]): Cost[] =>
  values.map((value) => ({ value, isReached: false }))
const medianOf = (costs: Cost[]) => summarizeCosts(costs).median

describe('the median of costs of which some are censored', () => {
  // Freireich et al. (1963), weeks of remission; R's survfit gives medians of 23 and 8.
  it('is that of Kaplan and Meier for a known trial', () => {
    const treated = [
      ...reached(6, 6, 6, 7, 10, 13, 16, 22, 23),
      ...notReached(6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35),
    ]
    expect(summarizeCosts(treated)).toEqual({ runs: 21, reached: 9, median: 23 })
    const placebo = reached(1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23)
    expect(medianOf(placebo)).toBe(8)
  })

  it('is the ordinary one where all got there', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 1 }), (values) => {
        const sorted = values.toSorted((a, b) => a - b)
        const middle = [sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!]
        expect(medianOf(reached(...values))).toBe((middle[0]! + middle[1]!) / 2)
      }),
    )
  })

  it('does not get better because the slow ones give up', () => {
    expect(medianOf([...reached(10), ...notReached(20, 30)])).toBeUndefined()
    expect(medianOf([...reached(10, 20), ...notReached(30, 30)])).toBe(20)
    expect(medianOf([...reached(10, 20, 30), ...notReached(Infinity, Infinity)])).toBe(30)
    expect(medianOf([])).toBeUndefined()
  })
})

describe('the ratio to a baseline, from pairs', () => {
  const pairs = [
    [120, 60],
    [150, 50],
    [90, 45],
    [200, 80],
  ].map(([base, own]) => ({ base: reached(base!)[0]!, own: reached(own!)[0]! }))

  it('has the interval of a t test on logarithms', () => {
    const found = pairedRatio(pairs)!
    // By hand in Python: math.exp of mean ± 3.1824463 · stdev / 2 of math.log(base / own).
    expect(found.ratio).toBeCloseTo(2.340347319, 6)
    expect(found.interval![0]).toBeCloseTo(1.7129267866, 3)
    expect(found.interval![1]).toBeCloseTo(3.1975830012, 3)
    expect(found).toMatchObject({ pairs: 4, of: 4 })
  })

  it('turns round with the pairs', () => {
    const turned = pairedRatio(pairs.map(({ base, own }) => ({ base: own, own: base })))!
    expect(turned.ratio * pairedRatio(pairs)!.ratio).toBeCloseTo(1, 12)
  })

  it('is exactly 1 for what is equal, and nothing where one did not get there', () => {
    const [first] = reached(30)
    expect(pairedRatio([{ base: first!, own: first! }])?.ratio).toBe(1)
    const [late] = notReached(99)
    expect(pairedRatio([...pairs, { base: first!, own: late! }])).toBeUndefined()
    expect(pairedRatio([])).toBeUndefined()
  })
})

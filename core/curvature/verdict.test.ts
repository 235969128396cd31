import { describe, expect, it } from 'vitest'
import { ceilingOf, judge, type Evidence } from './verdict.ts'

const evidence = (changes: Partial<Evidence>): Evidence => ({
  learnedSpread: 0.3,
  trueSpread: 2,
  rank: { value: 0.3, error: 0.01 },
  ceiling: 1,
  ...changes,
})
const kindOf = (changes: Partial<Evidence>) => judge(evidence(changes)).kind

describe('the verdict', () => {
  it('follows the rank correlation', () => {
    expect(kindOf({ rank: { value: 0.6, error: 0.01 } })).toBe('clear')
    expect(kindOf({})).toBe('weak')
    expect(kindOf({ rank: { value: 0.09, error: 0.001 } })).toBe('none')
    expect(kindOf({ rank: { value: -0.7, error: 0.001 } })).toBe('none')
  })

  it('wants two standard errors', () => {
    expect(kindOf({ rank: { value: 0.3, error: 0.16 } })).toBe('none')
  })

  it('says where there is nothing to judge', () => {
    expect(kindOf({ learnedSpread: 0 })).toBe('not-learned')
    expect(kindOf({ trueSpread: 1e-6 })).toBe('nothing-to-track')
    expect(kindOf({ ceiling: 0.2 })).toBe('unsure')
  })

  it('does not hold the uncertainty of the truth against H', () => {
    const noisy = { rank: { value: 0.3, error: 0.01 }, ceiling: 0.5 }
    const { kind, criterion } = judge(evidence(noisy))
    expect(kind).toBe('clear')
    expect(criterion).toContain('0.600')
  })

  it('takes a ceiling of 1 from halves that agree, and of 0 from halves that do not', () => {
    expect(ceilingOf(1)).toBe(1)
    expect(ceilingOf(0.5)).toBeCloseTo(Math.sqrt(2 / 3), 12)
    expect(ceilingOf(-0.1)).toBe(0)
  })
})

/** The pace of a run. */
import { describe, expect, it } from 'vitest'
import { Pace } from './pace.ts'

describe('the pace', () => {
  it('is unknown until time has passed', () => {
    const pace = new Pace()
    expect(pace.roundsPerSecond).toBeUndefined()
    pace.start(100, 0)
    expect(pace.roundsPerSecond).toBeUndefined()
  })

  it('counts only the rounds of this sitting', () => {
    const pace = new Pace()
    pace.start(0, 500)
    pace.advance(500, 501)
    expect(pace.roundsPerSecond).toBe(2)
  })

  it('follows the last seconds', () => {
    const pace = new Pace()
    pace.start(0, 0)
    for (let round = 1; round <= 10; round++) pace.advance(round * 1000, round)
    for (let round = 11; round <= 200; round++) pace.advance(10_000 + (round - 10) * 50, round)
    expect(pace.roundsPerSecond).toBeCloseTo(20, 0)
  })
})

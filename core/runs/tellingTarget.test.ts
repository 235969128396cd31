import { describe, expect, it } from 'vitest'
import { metricColumns } from './metrics.ts'
import type { Columns } from './seriesTargets.ts'
import { tellingTarget } from './tellingTarget.ts'

/** A run whose accuracy rises by `rate` each round up to `top`. */
function rising(rate: number, top: number, rounds = 100) {
  const empty = new Float64Array(rounds)
  const columns = {
    ...Object.fromEntries(metricColumns.map((column) => [column, empty])),
    round: Float64Array.from({ length: rounds }, (_, at) => at + 1),
    testAccuracy: Float64Array.from({ length: rounds }, (_, at) =>
      Math.min(top, 0.1 + rate * (at + 1)),
    ),
  } as unknown as Columns
  return { columns, hasFailed: false }
}

describe('the target that tells groups apart', () => {
  it('is not the level of the one that fails, which all others have from the start', () => {
    const good = Array.from({ length: 9 }, (_, at) => [rising(0.01 + 0.002 * at, 0.8)])
    const target = tellingTarget([...good, [rising(0, 0.1)]], 'testAccuracy')!
    expect(target).toBeGreaterThan(0.5)
  })

  it('is one that both reach where there are two', () => {
    expect(tellingTarget([[rising(0.01, 0.7)], [rising(0.02, 0.9)]], 'testAccuracy')).toBeCloseTo(
      0.7,
      2,
    )
  })

  it('is nothing where nothing was measured', () => {
    expect(tellingTarget([], 'testAccuracy')).toBeUndefined()
    expect(tellingTarget([[rising(NaN, NaN)]], 'testAccuracy')).toBeUndefined()
  })
})

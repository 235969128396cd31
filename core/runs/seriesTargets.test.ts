import { describe, expect, it } from 'vitest'
import { metricColumns } from './metrics.ts'
import {
  bestInColumns,
  groupReach,
  lastInColumn,
  reachInColumns,
  type Columns,
} from './seriesTargets.ts'

/** Evaluated every second round; every round sends 8 bytes each way and takes 100 ms. */
function columnsOf(accuracies: readonly number[]): Columns {
  const zero = Object.fromEntries(
    metricColumns.map((column) => [column, new Float64Array(accuracies.length)]),
  ) as unknown as Columns
  const rounds = Float64Array.from(accuracies, (_, at) => at + 1)
  return {
    ...zero,
    round: rounds,
    testAccuracy: Float64Array.from(accuracies),
    testLoss: Float64Array.from(accuracies, (accuracy) => 1 - accuracy),
    cumulativeUplinkBytes: rounds.map((round) => round * 8),
    cumulativeDownlinkBytes: rounds.map((round) => round * 8),
    elapsedMs: rounds.map((round) => round * 100),
  }
}

const fast = columnsOf([NaN, 0.5, NaN, 0.9, NaN, 0.8])
const slow = columnsOf([NaN, 0.2, NaN, 0.4, NaN, 0.9])
const never = columnsOf([NaN, 0.1, NaN, 0.1, NaN, 0.1])

describe('reachInColumns', () => {
  it('finds the first measured round at the target, skipping what was not measured', () => {
    const reached = reachInColumns(fast, { metric: 'testAccuracy', value: 0.9 })
    expect(reached).toMatchObject({ rounds: 4, uplinkBytes: 32, elapsedMs: 400 })
    expect(reachInColumns(fast, { metric: 'testLoss', value: 0.5 })?.rounds).toBe(2)
    expect(reachInColumns(never, { metric: 'testAccuracy', value: 0.9 })).toBeUndefined()
  })
})

describe('groupReach', () => {
  it('takes the median, and those that never got there into account', () => {
    const runs = (...all: Columns[]) => all.map((columns) => ({ columns, hasFailed: false }))
    const target = { metric: 'testAccuracy', value: 0.9 } as const
    const reached = groupReach(runs(fast, slow, never), target)
    expect(reached).toMatchObject({ runs: 3, reached: 2 })
    expect(reached.rounds.median).toBe(6)
    expect(reached.bytes.median).toBe(96)
    expect(groupReach(runs(fast, never, never), target).rounds.median).toBeUndefined()
  })

  it('keeps a run that diverged among those that did not', () => {
    const early = columnsOf([NaN, 0.1])
    const group = (hasFailed: boolean) => [
      { columns: fast, hasFailed: false },
      { columns: early, hasFailed },
      { columns: early, hasFailed },
    ]
    const target = { metric: 'testAccuracy', value: 0.9 } as const
    expect(groupReach(group(true), target).rounds.median).toBeUndefined()
    expect(groupReach(group(false), target).rounds.median).toBe(4)
  })
})

describe('bests and lasts', () => {
  it('skip what was not measured', () => {
    expect(bestInColumns(fast, 'testAccuracy')).toBe(0.9)
    expect(bestInColumns(slow, 'testLoss')).toBeCloseTo(0.1)
    expect(bestInColumns(slow, 'trainLoss')).toBe(0)
    expect(lastInColumn(Float64Array.of(1, 2, NaN))).toBe(2)
    expect(lastInColumn(Float64Array.of(NaN))).toBeNaN()
  })
})

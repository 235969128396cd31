/** Series of long runs: bounded, made of true rows, with the extremes of all rounds. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { metricColumns, type MetricsRow } from '../../core/runs/metrics.ts'
import { RunSeries } from './runSeries.ts'

const limit = 256

/** A row whose cheap columns follow from its round. */
function rowOf(round: number, trainLoss: number): MetricsRow {
  const zeros = Object.fromEntries(metricColumns.map((column) => [column, 0]))
  return {
    ...(zeros as unknown as MetricsRow),
    round,
    trainLoss,
    testLoss: undefined,
    testAccuracy: round % 5 === 0 ? (round * 7919) % 101 : undefined,
    elapsedMs: 3 * round,
    participants: 2,
    paperBytes: round % 3,
  }
}

function play(losses: readonly number[]): RunSeries {
  const series = new RunSeries(undefined, limit)
  losses.forEach((loss, at) => expect(series.append(rowOf(at + 1, loss))).toBe(true))
  return series
}

const losses = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 3000 })

describe('the series of a run', () => {
  it('hold every round while there is room', () => {
    const series = play(Array.from({ length: limit }, (_, at) => at))
    expect(series.length).toBe(limit)
    expect(series.thinnings).toBe(0)
  })

  it('are bounded, of rising rounds, and count them all', () => {
    fc.assert(
      fc.property(losses, (all) => {
        const series = play(all)
        const { round } = series.view()
        expect(series.length).toBeLessThanOrEqual(limit)
        expect(series.rounds).toBe(all.length)
        expect(round.at(-1)).toBe(all.length)
        expect(round.every((each, at) => at === 0 || each > round[at - 1]!)).toBe(true)
      }),
      { numRuns: 30 },
    )
  })

  it('hold nothing but true rows, and the least and greatest of all', () => {
    fc.assert(
      fc.property(losses, (all) => {
        const { round, trainLoss, elapsedMs } = play(all).view()
        for (let at = 0; at < round.length; at++) {
          expect(trainLoss[at]).toBe(all[round[at]! - 1])
          expect(elapsedMs[at]).toBe(3 * round[at]!)
        }
        expect(Math.min(...trainLoss)).toBe(Math.min(...all))
        expect(Math.max(...trainLoss)).toBe(Math.max(...all))
      }),
      { numRuns: 30 },
    )
  })

  it('sum over all rounds, also those that are not held', () => {
    const series = play(Array.from({ length: 2000 }, (_, at) => Math.sin(at)))
    const { round, cumulativeParticipants, cumulativePaperBytes } = series.view()
    expect(series.thinnings).toBeGreaterThan(0)
    let sum = 0
    for (let each = 1; each <= 2000; each++) sum += each % 3
    expect(cumulativePaperBytes.at(-1)).toBe(sum)
    expect([...cumulativeParticipants]).toEqual([...round].map((each) => 2 * each))
  })

  it('are the same whether they arrived live or were read', () => {
    const count = 1500
    const live = play(Array.from({ length: count }, (_, at) => Math.cos(at)))
    const whole = new RunSeries(undefined, 4096)
    for (let at = 0; at < count; at++) whole.append(rowOf(at + 1, Math.cos(at)))
    expect(new RunSeries(whole.view(), limit).view()).toEqual(live.view())
  })

  it('tell a gap, ignore what is known, and drop the end of a run that lost it', () => {
    const series = play([5, 4, 3])
    expect(series.append(rowOf(9, 1))).toBe(false)
    expect(series.append(rowOf(2, 77))).toBe(true)
    expect(series.view().trainLoss[1]).toBe(4)
    series.truncate(2)
    expect(series.rounds).toBe(2)
    expect(series.latest('trainLoss')).toBe(4)
    expect(series.append(rowOf(3, 8))).toBe(true)
    expect([...series.view().trainLoss]).toEqual([5, 4, 8])
  })
})

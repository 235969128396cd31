import { describe, expect, it } from 'vitest'
import type { RunConfig } from '../../../core/config/index.ts'
import type { RunEstimate } from '../../../core/engine/index.ts'
import { fakeConfig } from '../../testing/fakeConfigs.ts'
import { fakeEstimate } from '../../testing/fakeAnswers.ts'
import { forecastBatch, type Forecast } from './batchForecast.ts'
import { progressOf } from './batchProgress.ts'
import { groupItems } from './queueGroups.ts'

const config = (changes: Partial<RunConfig>): RunConfig => ({ ...fakeConfig({}), ...changes })
const withRounds = (rounds: number, clients: number): RunConfig => {
  const { federation, ...rest } = fakeConfig({})
  return { ...rest, federation: { ...federation, rounds, clients } }
}
const takes = (secondsPerRound: number, of: RunConfig): RunEstimate => ({
  ...fakeEstimate(of),
  ...{ secondsPerRound, uplinkBytes: 10, downlinkBytes: 30 },
})

describe('the forecast of a batch', () => {
  it('is of so many runs at once, and gets better with every measurement', async () => {
    const told: Forecast[] = []
    const found = await forecastBatch({
      configs: [withRounds(100, 8), withRounds(100, 9), withRounds(100, 9)],
      atOnce: 2,
      estimate: (of) => Promise.resolve(takes(of.federation.clients === 8 ? 1 : 4, of)),
      isWanted: () => true,
      refined: (forecast) => told.push(forecast),
    })
    expect(told.map(({ seconds }) => seconds)).toEqual([150, 450])
    expect(found).toEqual({ seconds: 450, bytes: 12_000, measured: 2, kinds: 2 })
  })

  it('measures learning rates and seeds once: a round of each costs the same', async () => {
    const base = withRounds(100, 8)
    const configs = [0.1, 0.2].flatMap((learningRate) =>
      [1, 2].map((seed) => ({ ...base, seed, method: { ...base.method, learningRate } })),
    )
    const found = await forecastBatch({
      configs,
      atOnce: 1,
      estimate: (of) => Promise.resolve(takes(1, of)),
      isWanted: () => true,
      refined: () => {},
    })
    expect(found).toMatchObject({ seconds: 400, measured: 1, kinds: 1 })
  })

  it('is none when another batch is asked for meanwhile', async () => {
    const told: Forecast[] = []
    let isWanted = true
    const found = await forecastBatch({
      configs: [withRounds(100, 8), withRounds(100, 9)],
      atOnce: 1,
      estimate: (of) => {
        isWanted = of.federation.clients === 8
        return Promise.resolve(takes(1, of))
      },
      isWanted: () => isWanted,
      refined: (forecast) => told.push(forecast),
    })
    expect(found).toBeUndefined()
    expect(told).toHaveLength(1)
  })
})

describe('the progress of a batch', () => {
  const ended = { isOver: true, isStopped: false, rounds: 100, elapsedMs: 1000 }
  const waiting = { isOver: false, isStopped: false, rounds: 0, elapsedMs: 0 }

  it('says what is left from what runs of the same kind took, so many at once', () => {
    const own = withRounds(100, 8)
    const other = withRounds(100, 9)
    const runs = [
      { config: own, ...ended },
      { config: other, ...ended, elapsedMs: 9000 },
      { config: own, ...waiting },
      { config: other, ...waiting },
    ]
    expect(progressOf(runs, 1)).toEqual({ share: 0.5, msLeft: 10_000 })
    expect(progressOf(runs, 2).msLeft).toBe(9000)
  })

  it('knows nothing before a round, and has nothing left at the end', () => {
    const own = withRounds(100, 8)
    expect(progressOf([{ config: own, ...waiting }], 1)).toEqual({ share: 0, msLeft: undefined })
    expect(progressOf([{ config: own, ...ended, rounds: 3 }], 1)).toEqual({
      share: 1,
      msLeft: undefined,
    })
  })

  it('does not count rounds that a stopped run has not played', () => {
    const own = withRounds(100, 8)
    const stopped = { ...ended, isStopped: true, rounds: 20 }
    const never = { ...ended, isStopped: true, rounds: 0 }
    expect(
      progressOf(
        [stopped, never].map((run) => ({ config: own, ...run })),
        1,
      ),
    ).toEqual({ share: 0.1, msLeft: undefined })
  })
})

describe('rows of the queue', () => {
  it('stand together over seeds, in the order in which they came', () => {
    const items = [1, 2].flatMap((seed) =>
      ['a', 'b'].map((name) => ({ id: seed, config: config({ name, seed }) })),
    )
    const groups = groupItems(items)
    expect(groups.map(({ items: own }) => own.map(({ config: { seed } }) => seed))).toEqual([
      [1, 2],
      [1, 2],
    ])
  })
})

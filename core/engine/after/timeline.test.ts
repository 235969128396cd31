import { expect, test } from 'vitest'
import { readRun } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { Run } from '../play/run.ts'
import { readTimeline } from './timeline.ts'

test('the time lines of a run on a network add up to its metrics', async () => {
  const host = memoryEngineHost()
  const config = quadraticConfig(
    ...['network.kind=3g', 'devices.spread=4', 'devices.availability=0.7'],
    ...['devices.deadline=2.5', 'federation.dropout=0.2', 'federation.rounds=30'],
    'federation.clients=30',
  )
  await (await Run.start(host, config, 'a')).play()
  const { rows } = await readRun(host, 'a')
  const seen = new Set<string>()
  for (const { round, simulatedMs, answered, late } of rows) {
    const timeline = (await readTimeline(host, 'a', round - 1))!
    const { startsAt, closedAt } = timeline
    expect(1000 * (startsAt + closedAt)).toBeCloseTo(simulatedMs!, 2)
    const count = (fate: string) => timeline.rows.filter((row) => row.fate === fate).length
    expect(count('answered')).toBe(answered)
    expect(count('late')).toBeLessThanOrEqual(late!)
    for (const { fate, sentAt, receivedAt, computedAt } of timeline.rows) {
      seen.add(fate)
      expect(sentAt < receivedAt && receivedAt < computedAt).toBe(true)
    }
  }
  expect([...seen].sort()).toEqual(['answered', 'late', 'off', 'silent'])
  expect(await readTimeline(host, 'a', 30)).toBeUndefined()
})

test('a run without a network has no time line', async () => {
  const host = memoryEngineHost()
  await (await Run.start(host, quadraticConfig('federation.rounds=2'), 'a')).play()
  expect(await readTimeline(host, 'a', 0)).toBeUndefined()
})

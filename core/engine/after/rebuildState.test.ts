/** A log that is applied to the first parameters: how far it is, and where it leads. */
import { expect, test } from 'vitest'
import { readRun } from '../../runs/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { createReplica, quadraticConfig } from '../../testing/federation.ts'
import { openWorker, Run } from '../index.ts'
import { rebuildState, type RebuildProgress } from './rebuildState.ts'

test('tells how far it is and how long it will take, and comes to the state of the run', async () => {
  const host = memoryEngineHost()
  const config = quadraticConfig('federation.rounds=20')
  const record = await (await Run.start(host, config, 'run')).play()
  const { log } = await readRun(host, 'run')
  const { trainables } = (await openWorker(config, host)).report
  // Every look at the clock is 60 ms after the one before: an entry takes that long.
  let time = 0
  const slow = { ...host, now: () => (time += 60) }
  const told: RebuildProgress[] = []
  const initial = createReplica(config).params
  const { stateHash } = await rebuildState(config, log, trainables, initial, slow, (progress) =>
    told.push(progress),
  )
  expect(stateHash).toBe(record.stateHash)
  expect(told.map(({ rounds }) => rounds)).toEqual([2, 4, 6, 8, 10, 12, 14, 16, 18, 20])
  expect(told.every(({ totalRounds }) => totalRounds === 20)).toBe(true)
  expect(told.map(({ msLeft }) => msLeft)).toEqual(told.map(({ rounds }) => (20 - rounds) * 60))
})

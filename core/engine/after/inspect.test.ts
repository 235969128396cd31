import { expect, test } from 'vitest'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { readRun } from '../../runs/index.ts'
import { readCatchUpCost } from './catchUpCost.ts'
import { inspectRound } from './inspect.ts'
import { Run } from '../play/run.ts'

const network = [
  'network.kind=lte',
  'devices.spread=3',
  'devices.availability=0.7',
  'devices.deadline=2.5',
]

test.each([
  ['', []],
  [' of a run whose deadline drops answers', network],
  [' whose clients are sent snapshots', ['federation.catchUp=snapshot']],
  [
    ' whose clients are sent what has fewer bytes',
    ['federation.catchUp=cheapest', 'federation.clients=40', 'federation.localSteps=8', ...network],
  ],
] as const)(
  'the messages of a round%s are all that was counted when it was played, catch-up and all',
  async (_, more) => {
    const host = memoryEngineHost()
    const config = quadraticConfig('federation.rounds=40', 'federation.dropout=0.2', ...more)
    const run = await Run.start(host, config, 'a')
    run.listen((event) => {
      if (event.type === 'roundCompleted' && event.row.round === 11)
        run.change('learningRate', 0.002)
    })
    await run.play()
    const { rows } = await readRun(host, 'a')
    for (const row of rows) {
      const messages = await inspectRound(host, 'a', row.round - 1)
      const bytesOf = (direction: 'down' | 'up') =>
        messages
          .filter((message) => message.direction === direction)
          .reduce((sum, { bytes }) => sum + bytes.length, 0)
      expect(bytesOf('down')).toBe(row.downlinkBytes)
      expect(bytesOf('up')).toBe(row.uplinkBytes)
      expect(messages.reduce((sum, { omittedFrames }) => sum + omittedFrames, 0)).toBe(0)
    }
  },
)

test('what catching up costs is what the round’s messages have', async () => {
  const host = memoryEngineHost()
  const config = quadraticConfig('federation.rounds=6', 'federation.catchUp=snapshot')
  await (await Run.start(host, config, 'a')).play()
  const { entryBytes, ...cost } = (await readCatchUpCost(host, 'a', 4))!
  const sent = (await inspectRound(host, 'a', 4)).filter(
    ({ message }) => message.type === 'snapshot',
  )
  expect(sent.map(({ bytes }) => bytes.length)).toEqual(sent.map(() => cost.snapshotBytes))
  const { log } = await readRun(host, 'a')
  expect(entryBytes).toBe(log.slice(4, 5).length)
  expect(await readCatchUpCost(host, 'a', 6)).toBeUndefined()
})

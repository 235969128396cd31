import { expect, test } from 'vitest'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { readRun } from '../../runs/index.ts'
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
] as const)(
  'the messages of a round%s are all that was counted when it was played, catch-up and all',
  async (_, more) => {
    const host = memoryEngineHost()
    const config = quadraticConfig('federation.rounds=40', 'federation.dropout=0.2', ...more)
    await (await Run.start(host, config, 'a')).play()
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

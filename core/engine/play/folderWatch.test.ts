import { expect, test } from 'vitest'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { Run } from '../index.ts'

test('a run whose folder is gone ends with a message, within a second', async () => {
  const memory = memoryEngineHost()
  let clock = 0
  let isGone = false
  const host = {
    ...memory,
    now: () => clock,
    files: {
      ...memory.files,
      kind: async (path: string) => (isGone ? undefined : memory.files.kind(path)),
    },
  }
  const run = await Run.start(host, quadraticConfig('federation.rounds=50'), 'a')
  run.listen((event) => {
    if (event.type !== 'roundCompleted') return
    clock += 100
    isGone = event.row.round >= 20
  })
  const record = await run.play()
  expect(record.status).toBe('failed')
  expect(record.error?.message).toContain('the folder of this run is gone')
  expect(record.rounds).toBeLessThanOrEqual(30)
})

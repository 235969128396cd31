/** What commands that read a config say of settings that nothing uses. */
import { expect, test } from 'vitest'
import { memoryEngineHost } from '../core/testing/engineHost.ts'
import { readConfigs, readOwnConfig } from './readConfigs.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'

const text = `name: a
task: { kind: quadratic }
method: { name: hiso }
split: { kind: dirichlet, alpha: 0.1 }`

function reading(set: readonly string[]) {
  const { terminal, stderr } = recordingTerminal()
  const entries = { '/home/a.yaml': new TextEncoder().encode(text) }
  const context = { host: memoryEngineHost(entries), terminal, cwd: '/home', invocation: 'hiso' }
  const ways = [
    readConfigs(context, 'a.yaml', { set, methods: undefined }),
    readOwnConfig(context, 'a.yaml', set),
  ]
  return { ways, stderr }
}

test('a file: each on a line of its own, for one run and for several', async () => {
  const { ways, stderr } = reading([])
  await Promise.all(ways)
  expect(stderr().match(/! split\.alpha does nothing here: /g)).toHaveLength(2)
})

test('--set: refused', async () => {
  for (const way of reading(['federation.batchSize=5']).ways)
    await expect(way).rejects.toThrow(/--set federation\.batchSize=5: it is for tasks with samples/)
})

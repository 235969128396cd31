import { expect, test } from 'vitest'
import { memoryEngineHost } from '../testing/engineHost.ts'
import { quadraticConfig } from '../testing/federation.ts'
import { Engine } from './engine.ts'

test('runs of one name that begin at once have folders of their own', async () => {
  const engine = new Engine(memoryEngineHost(), () => {})
  const config = quadraticConfig('federation.rounds=1')
  const faster = { ...config, method: { ...config.method, learningRate: 0.125 } }
  const started = await Promise.all(
    [config, faster, config].map((own) =>
      engine.request('startRun', { config: own, library: 'library' }),
    ),
  )
  expect(new Set(started.map(({ folder }) => folder)).size).toBe(3)
})

import { expect, it } from 'vitest'
import { formatBench } from './formatBench.ts'
import type { MachineBench, ModelBench } from './machineBench.ts'
import { recordingTerminal } from './testing/recordingTerminal.ts'

const modelOf = (model: string, provider: string): ModelBench => ({
  model,
  dim: 7850,
  providers: [
    { provider: 'cpu', passesPerSecond: 1000 },
    {
      provider: 'webgpu',
      ...(provider === 'cpu' ? { obstacle: 'no GPU' } : { passesPerSecond: 5000 }),
    },
  ],
  workers: [
    { workers: 1, passesPerSecond: 700 },
    { workers: 2, passesPerSecond: 1300 },
  ],
  chosen: { provider, providerReason: 'the fastest', workers: 2, workersReason: 'one per core' },
})
const result: MachineBench = {
  cpu: 'A processor',
  cores: 2,
  environment: {},
  noise: { kernels: 'wasm-simd', millionNormalsPerSecond: 400 },
  models: [modelOf('softmax', 'cpu'), modelOf('mlp', 'cpu'), modelOf('cnn', 'webgpu')],
  rounds: [
    {
      model: 'cnn',
      dim: 7850,
      forwardPasses: 44,
      roundMs: 20,
      forwardMs: 15,
      batchesMs: 1,
      directionsMs: 2,
      updateMs: 1,
      protocolMs: 1,
      pureForwardMs: 16,
    },
  ],
  tookMs: 30_000,
}

it('says what the machine can do, what is taken and why, and where a round’s time goes', () => {
  const text = formatBench(result, recordingTerminal({ columns: 120 }).terminal)
  expect(text).toContain('400 million normals/s')
  expect(text).toMatch(/softmax +7,850 +1,000 +– +700 +1,300\n/)
  expect(text).toMatch(/softmax, mlp +cpu \(the fastest\)\n +2 workers \(one per core\)\n/)
  expect(text).toMatch(/cnn +webgpu/)
  expect(text).toMatch(/cnn +20 ms +75.0% +5.0% +10.0% +5.0% +5.0% +1.25×/)
})

import { expect, test } from 'vitest'
import type { RunConfig } from '../../config/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import type { EngineHost } from '../engineHost.ts'
import { estimateRun } from './preview.ts'

test('the memory of a run depends on the run alone, and grows with d by x, H, the probe and kept directions', async () => {
  const host = memoryEngineHost()
  const memoryAt = async (dim: number) => {
    const config = quadraticConfig(`task.dim=${dim}`, 'method.perturbations=3')
    return (await estimateRun(config, host)).memoryBytes
  }
  const small = await memoryAt(1000)
  const large = await memoryAt(11_000)
  expect(await memoryAt(1000)).toBe(small)
  const vectors = (large - small) / (4 * 10_000)
  expect(Number.isInteger(vectors)).toBe(true)
  expect(vectors).toBeGreaterThanOrEqual(2 + 1 + 3)
})

/**
 * A host on whose clock every minibatch loss, and every local step of a training, takes so many
 * milliseconds.
 */
function slowHost(msPerBatch: number): { readonly host: EngineHost; spentMs(): number } {
  let clock = 0
  const memory = memoryEngineHost()
  const host: EngineHost = {
    ...memory,
    now: () => clock,
    startWorker: async (config: RunConfig) => {
      const { worker, report } = await memory.startWorker(config)
      const { losses, train } = worker
      worker.losses = (order) => {
        const batches = order.calls.reduce((sum, { clients }) => sum + clients.length, 0)
        clock += batches * msPerBatch
        return losses.call(worker, order)
      }
      worker.train = (order) => {
        clock += config.federation.localSteps * msPerBatch
        return train.call(worker, order)
      }
      return { worker, report }
    },
  }
  return { host, spentMs: () => clock }
}

test.each([
  ['one local step', ['federation.localSteps=1', 'method.perturbations=60'], 3 * 61],
  ['many local steps', ['federation.localSteps=50', 'method.perturbations=7'], 3 * 8 * 50],
  ['vectors', ['method.name=fedavg', 'federation.localSteps=200'], 3 * 200],
])(
  'a round of %s that takes long is known from seconds of it, with every byte',
  async (_, overrides, batches) => {
    const config = quadraticConfig(
      'task.dim=20',
      'compute.workers=1',
      'federation.clients=5',
      'federation.participants=3',
      ...overrides,
    )
    const quick = await estimateRun(config, slowHost(0).host)
    const { host, spentMs } = slowHost(1000)
    const slow = await estimateRun(config, host)
    expect(slow.secondsPerRound).toBeCloseTo(batches, 6)
    expect(spentMs()).toBeLessThanOrEqual(12_000)
    expect({ ...slow, secondsPerRound: 0 }).toEqual({ ...quick, secondsPerRound: 0 })
  },
)

test('a config with a network is measured as without, and told what a round takes there', async () => {
  const own = ['task.dim=20', 'compute.workers=1', 'federation.clients=5']
  const on = ['network.kind=lte', 'devices.spread=3', 'devices.deadline=0.01']
  const plain = await estimateRun(quadraticConfig(...own), slowHost(1).host)
  const { network, ...timed } = await estimateRun(quadraticConfig(...own, ...on), slowHost(1).host)
  expect(timed).toEqual(plain)
  expect(network!.secondsPerRound).toBeCloseTo(0.01, 9)
  expect(network!.lateShare).toBe(1)
  expect(plain.entryBytes).toBeGreaterThan(16)
  const vectors = quadraticConfig(...own, 'method.name=fedavg')
  expect(await estimateRun(vectors, slowHost(1).host)).not.toHaveProperty('entryBytes')
})

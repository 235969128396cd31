import { expect, test } from 'vitest'
import { memoryEngineHost } from '../testing/engineHost.ts'
import { quadraticConfig } from '../testing/federation.ts'
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

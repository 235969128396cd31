import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { buildModel } from '../core/model/index.ts'
import { resolveProvider } from './providers.ts'
import { openSession } from './sessions.ts'

const graph = buildModel('cnn-mnist', { featureShape: [1, 8, 8], classes: 10 }, 365)

// Debian's chromium brings a software Vulkan driver; it is taken here unless the machine names its
// own.
const SOFTWARE_DRIVER = '/usr/lib/chromium/vk_swiftshader_icd.json'
if (existsSync(SOFTWARE_DRIVER)) process.env['VK_ICD_FILENAMES'] ??= SOFTWARE_DRIVER

describe('choosing a provider', () => {
  it('takes the CPU when asked for, without trying anything', async () => {
    expect(await resolveProvider('cpu', graph)).toEqual({
      requested: 'cpu',
      provider: 'cpu',
      reason: 'asked for',
      notice: undefined,
      trials: [],
    })
  })

  it('tries what there is when left to choose, and says which it took and why', async () => {
    const report = await resolveProvider('auto', graph)
    expect(report.trials[0]).toMatchObject({ provider: 'cpu', usable: true, difference: 0 })
    expect(report.trials.find((it) => it.provider === report.provider)?.usable).toBe(true)
    expect(report.reason).not.toBe('')
    expect(report.notice).toBeUndefined()
    for (const { usable, runMs, obstacle } of report.trials) {
      expect(usable).toBe(runMs !== undefined)
      expect(usable).toBe(obstacle === undefined)
    }
    expect(structuredClone(report)).toEqual(report)
  })

  it.skipIf(process.platform !== 'linux')(
    'falls back to the CPU with one line when the provider is not there',
    async () => {
      const report = await resolveProvider('coreml', graph)
      expect(report.provider).toBe('cpu')
      expect(report.notice).toMatch(/^coreml can't be used here \(.*\): computing on the CPU$/)
      expect(structuredClone(report)).toEqual(report)
    },
  )
})

describe('WebGPU', () => {
  it('computes the same losses as the CPU', async ({ skip }) => {
    const report = await resolveProvider('webgpu', graph)
    if (report.provider !== 'webgpu') skip(`no WebGPU here: ${report.reason}`)
    expect(report.trials[1]?.difference).toBeLessThan(1e-5)
    const cpu = await openSession(graph)
    const gpu = await openSession(graph, { provider: 'webgpu' })
    const features = Float32Array.from({ length: 5 * 64 }, (_, i) => Math.sin(i))
    const labels = BigInt64Array.of(0n, 3n, 9n, 1n, 1n)
    const params = graph.initialParams.slice()
    for (let run = 0; run < 3; run++) {
      const expected = await cpu.run(params, features, labels, true)
      const answer = await gpu.run(params, features, labels, true)
      for (const key of ['losses', 'logits'] as const) {
        answer[key]!.forEach((it, i) => expect(it).toBeCloseTo(expected[key]![i]!, 4))
      }
      params.forEach((_, j) => (params[j]! *= 1.1))
    }
    await cpu.release()
    await gpu.release()
  })
})

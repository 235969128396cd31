/** What every method in the registry, and every composition that settings can make of one, must hold to. */
import { describe, expect, test } from 'vitest'
import { checkRunConfig, methodNames, overrideConfig } from '../config/index.ts'
import { createFederation, createReplica, hashOf, quadraticConfig } from '../testing/federation.ts'
import { createMethod } from './registry.ts'
import { decode, decodeFrames, paperBytes } from '../wire/index.ts'

/** Settings that make another method of one in the registry. */
const compositions: Readonly<Record<string, readonly string[]>> = {
  'decomfl with momentum': ['method.momentum=0.9', 'method.learningRate=0.001'],
  'decomfl with orthogonal directions': ['method.orthogonal=true'],
  'hiso with one H per row': ['method.hessian.shape=row', 'method.hessian.nu=0.01'],
  'hiso with one H per tensor, debiased': [
    'method.hessian.shape=tensor',
    'method.hessian.debias=true',
    'method.hessian.update=all',
  ],
  'hiso with a bias-corrected H': ['method.hessian.biasCorrection=true', 'method.hessian.nu=0.01'],
  'hiso with second differences': [
    'method.hessian.estimate=second-difference',
    'method.hessian.nu=0.01',
    'method.mu=0.1',
  ],
}
const subjects = [...methodNames, ...Object.keys(compositions)]

/** The test config with a method, within what the method allows. */
function configOf(name: string, ...overrides: readonly string[]) {
  const clients = name === 'mezo' ? ['federation.clients=1', 'federation.participants=1'] : []
  const settings = [`method.name=${name.split(' ')[0]!}`, ...(compositions[name] ?? [])]
  return quadraticConfig(...settings, ...clients, ...overrides)
}

async function finalHash(config: ReturnType<typeof configOf>, options = {}): Promise<string> {
  const federation = createFederation(config, options)
  await federation.play()
  return federation.stateHash()
}

describe.each(subjects)('%s', (name) => {
  test('gives the same bits for the same config, and others for another seed', async () => {
    const hash = await finalHash(configOf(name))
    expect(await finalHash(configOf(name))).toBe(hash)
    expect(await finalHash(configOf(name, 'seed=2'))).not.toBe(hash)
  })

  test.each(['gaussian', 'rademacher', 'sphere'])(
    'gives the same bits for 1, 2 and 4 workers, with %s directions',
    async (distribution) => {
      // Second differences refuse random signs: all their squares are 1.
      if (name.includes('second') && distribution === 'rademacher') return
      const config = configOf(name, `method.distribution=${distribution}`, 'federation.rounds=6')
      const hash = await finalHash(config)
      expect(await finalHash(config, { workers: 2 })).toBe(hash)
      expect(await finalHash(config, { workers: 4 })).toBe(hash)
    },
  )

  test('gives the same bits in WebAssembly and in plain TypeScript', async () => {
    const config = configOf(name, 'federation.rounds=6')
    expect(await finalHash(config, { kernels: 'plain' })).toBe(await finalHash(config))
  })

  test('gives the same bits whether directions are kept or regenerated', async () => {
    const kept = await finalHash(configOf(name))
    expect(await finalHash(configOf(name, 'compute.directionMemory=0'))).toBe(kept)
  })

  test('gives a replica that is fed with the log the bits of one that took part', async () => {
    const config = configOf(name, 'federation.dropout=0.4')
    const federation = createFederation(config)
    await federation.play()
    const replica = createReplica(config)
    for (const message of decodeFrames(federation.server.log.since(0))) replica.apply(message)
    expect(hashOf(replica)).toBe(await federation.stateHash())
  })

  test('counts the bytes of its frames: assignments, missed entries and replies', async () => {
    const config = configOf(name)
    const federation = createFederation(config)
    const seen = new Map<number, number>()
    for (const result of await federation.play()) {
      const { log } = federation.server
      const missed = (client: number) => log.slice(seen.get(client) ?? 0, result.round).length
      const replies = result.replies.map((frame) => decode(frame).message)
      const catchUp = replies.reduce(
        (sum, reply) => sum + (reply.type === 'reply' ? missed(reply.client) : 0),
        0,
      )
      for (const reply of replies) if (reply.type === 'reply') seen.set(reply.client, result.round)
      expect(result.bytes.catchUpBytes).toBe(catchUp)
      expect(result.bytes.uplinkBytes).toBe(
        result.replies.reduce((sum, frame) => sum + frame.length, 0),
      )
    }
  })

  test.each(['forward', 'central'])(
    'lowers the loss of the quadratic, %s difference',
    async (estimator) => {
      const config = configOf(
        name,
        `method.estimator=${estimator}`,
        'method.perturbations=8',
        'federation.rounds=60',
        'task.gradientNoise=0',
      )
      const results = await createFederation(config).play()
      expect(results.at(-1)!.trainLoss!).toBeLessThan(results[0]!.trainLoss! * 0.8)
    },
  )

  test('sends as many bytes whatever d is, and at most 64 per participant beyond 4 a scalar', async () => {
    const bytesAt = async (dim: number) => {
      const config = configOf(
        name,
        `task.dim=${dim}`,
        'federation.rounds=3',
        'federation.clients=1',
        'federation.participants=1',
        'federation.localSteps=1',
      )
      return (await createFederation(config).play()).map(({ bytes }) => bytes)
    }
    const small = await bytesAt(7850)
    expect(await bytesAt(100_000)).toEqual(small)
    const { uplinkBytes, downlinkBytes } = small[2]!
    const sent = createMethod(configOf(name).method, 1).estimator.scalarsPerDirection
    expect(uplinkBytes + downlinkBytes - paperBytes(1, 1, 4 * sent)).toBeLessThanOrEqual(64)
  })

  test('refuses settings out of range', () => {
    for (const bad of [
      'method.mu=0',
      'method.perturbations=0',
      'method.learningRate=-1',
      'method.estimator=both',
    ])
      expect(checkRunConfig(overrideConfig(configOf(name), [bad]))).toHaveProperty('issues')
  })
})

describe('settings that contradict each other', () => {
  test.each([
    ['method.hessian.debias=true', 'method.hessian.debias'],
    ['method.perturbations=1', 'method.perturbations'],
    ['method.distribution=rademacher', 'method.distribution'],
  ])('second differences refuse %s', (bad, path) => {
    const settings = ['method.hessian.estimate=second-difference', bad]
    const result = checkRunConfig(overrideConfig(configOf('hiso'), settings))
    expect(result).toMatchObject({ issues: [{ path }] })
  })

  test.each(['method.momentum=1', 'method.hessian.shape=channel'])('%s is refused', (bad) => {
    expect(checkRunConfig(overrideConfig(configOf('hiso'), [bad]))).toHaveProperty('issues')
  })
})

describe('momentum', () => {
  test('of one round is the round itself; later ones go on along it', async () => {
    const one = ['federation.rounds=1', 'federation.localSteps=1']
    expect(await finalHash(configOf('decomfl', 'method.momentum=0.5', ...one))).toBe(
      await finalHash(configOf('decomfl', ...one)),
    )
    const short = ['federation.rounds=2', 'federation.localSteps=1']
    expect(await finalHash(configOf('decomfl', 'method.momentum=0.5', ...short))).not.toBe(
      await finalHash(configOf('decomfl', ...short)),
    )
  })
})

describe('HiSo and DeComFL', () => {
  test.each(['last', 'all'])('HiSo with ν = 0 is DeComFL, bit for bit (%s)', async (update) => {
    const settings = ['method.weightDecay=0.01', 'federation.localSteps=3']
    const nothingLearned = ['method.hessian.nu=0', `method.hessian.update=${update}`]
    expect(await finalHash(configOf('hiso', ...settings, ...nothingLearned))).toBe(
      await finalHash(configOf('decomfl', ...settings)),
    )
  })

  test('HiSo learns another Hessian from the last local step than from all', async () => {
    expect(await finalHash(configOf('hiso', 'method.hessian.update=all'))).not.toBe(
      await finalHash(configOf('hiso')),
    )
  })
})

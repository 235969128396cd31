/**
 * What every method in the registry, and every composition that settings can make of one, must hold
 * to.
 */
import { describe, expect, test } from 'vitest'
import { checkRunConfig, methodFacts, methodNames, overrideConfig } from '../config/index.ts'
import {
  canShare,
  clientsOf,
  createFederation,
  createReplica,
  hashOf,
  quadraticConfig,
} from '../testing/federation.ts'
import { createMethod } from './registry.ts'
import { decode, decodeFrames, paperBytes, vectorPaperBytes } from '../wire/index.ts'

const vectorNames = methodNames.filter((name) => methodFacts[name].protocol === 'vector')

/** What a method needs to get anywhere in these few rounds. */
const own: Readonly<Record<string, readonly string[]>> = {
  // A step's length is the rate alone, in units of 1 / μ.
  fzoo: ['method.learningRate=0.0001'],
  meerkat: ['method.maskRounds=3', 'method.trainedShare=0.5'],
}

/** Settings that make another method of one in the registry. */
const compositions: Readonly<Record<string, readonly string[]>> = {
  'decomfl with momentum': ['method.momentum=0.9', 'method.learningRate=0.001'],
  'decomfl with orthogonal directions': ['method.orthogonal=true'],
  'mezo with the implicit step': ['method.step=implicit', 'method.learningRate=0.05'],
  'fedkseed with the implicit step': ['method.step=implicit', 'method.learningRate=0.05'],
  'conmezo with the implicit step and low-rank directions': [
    'method.step=implicit',
    'method.distribution=low-rank',
    'method.rank=2',
    'method.learningRate=0.05',
  ],
  'decomfl with low-rank directions': ['method.distribution=low-rank', 'method.rank=2'],
  'decomfl with low-rank, orthogonal directions': [
    'method.distribution=low-rank',
    'method.rank=2',
    'method.orthogonal=true',
  ],
  'hiso that draws again': ['method.hessian.update=all', 'method.hessian.redraw=true'],
  'hiso-short with the implicit step': ['method.step=implicit', 'method.learningRate=0.05'],
  'hiso with second differences and the implicit step': [
    'method.hessian.estimate=second-difference',
    'method.hessian.nu=0.01',
    'method.mu=0.1',
    'method.step=implicit',
  ],
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
  const method = name.split(' ')[0]!
  const settings = [`method.name=${method}`, ...(own[method] ?? []), ...(compositions[name] ?? [])]
  return quadraticConfig(...settings, ...clientsOf(method), ...overrides)
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

  test.each(['gaussian', 'sphere'])(
    'gives the same bits whether workers update one state together or a copy each, with %s directions',
    async (distribution) => {
      const config = configOf(name, `method.distribution=${distribution}`, 'federation.rounds=6')
      if (!canShare(config)) return
      const hash = await finalHash(config)
      const regenerated = configOf(
        name,
        `method.distribution=${distribution}`,
        'federation.rounds=6',
        'compute.directionMemory=0',
      )
      for (const workers of [1, 2, 4]) {
        expect(await finalHash(config, { workers, shared: true })).toBe(hash)
        expect(await finalHash(regenerated, { workers, shared: true })).toBe(hash)
      }
      expect(await finalHash(config, { workers: 2, shared: true, kernels: 'plain' })).toBe(hash)
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

  test('goes back to a snapshot, and from there on to the same bits', async () => {
    const config = configOf(name, 'federation.dropout=0.4')
    const federation = createFederation(config)
    await federation.play()
    const messages = [...decodeFrames(federation.server.log.since(0))]
    const half = messages.length >> 1
    const replica = createReplica(config)
    const apply = (from: number, to?: number) => {
      for (const message of messages.slice(from, to)) replica.apply(message)
      return hashOf(replica)
    }
    const middle = apply(0, half)
    const snapshot = replica.snapshot()
    const end = apply(half)
    expect(replica.restore(snapshot)).toBe(true)
    expect(hashOf(replica)).toBe(middle)
    expect(apply(half)).toBe(end)
    const other = createReplica(config)
    other.restore(snapshot)
    expect(hashOf(other)).toBe(middle)
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

  test('stopped and taken up again from its log goes on to the same bits and bytes', async () => {
    const config = configOf(name, 'federation.dropout=0.3')
    const whole = createFederation(config)
    await whole.play()
    const log = whole.server.log.slice(0, 7)
    const resumed = createFederation(config, { log })
    expect(await resumed.play()).toHaveLength(13)
    expect(await resumed.stateHash()).toBe(await whole.stateHash())
    expect(resumed.server.ledger.cumulative).toEqual(whole.server.ledger.cumulative)
    expect(resumed.server.log.bytes).toEqual(whole.server.log.bytes)
  })

  test('sends as many bytes whatever d is if it is scalar-only, else the model both ways', async () => {
    const bytesAt = async (dim: number, localSteps = 1) => {
      const config = configOf(
        name,
        `task.dim=${dim}`,
        'federation.rounds=3',
        'federation.clients=1',
        'federation.participants=1',
        `federation.localSteps=${localSteps}`,
      )
      return (await createFederation(config).play()).map(({ bytes }) => bytes)
    }
    const small = await bytesAt(7850)
    const overhead = 64
    const { method: settings } = configOf(name)
    const method = createMethod(settings, 1)
    expect(method.protocol).toBe(methodFacts[settings.name].protocol)
    if (method.protocol === 'vector') {
      const { vectors } = method
      for (const { uplinkBytes, downlinkBytes, catchUpBytes } of small) {
        const beyond = uplinkBytes + downlinkBytes - vectorPaperBytes(1, vectors * 7850)
        expect(beyond).toBeGreaterThan(0)
        expect(beyond).toBeLessThanOrEqual(overhead)
        expect(catchUpBytes).toBe(0)
      }
      return
    }
    expect(await bytesAt(100_000)).toEqual(small)
    const sent = method.perturbations(0) * method.estimator(0).scalarsPerDirection
    for (const localSteps of [1, 7]) {
      const { uplinkBytes, downlinkBytes } = (await bytesAt(101, localSteps))[2]!
      const beyond = uplinkBytes + downlinkBytes - paperBytes(1, localSteps, sent)
      expect(beyond).toBeLessThanOrEqual(overhead)
    }
  })

  test('refuses settings out of range', () => {
    const all = [
      'method.mu=0',
      'method.perturbations=0',
      'method.learningRate=-1',
      'method.estimator=both',
      'method.localMomentum=1',
      'method.serverMomentum=1',
      'method.proximalWeight=-1',
      'method.firstMoment=1',
      'method.serverLearningRate=0',
      'method.compression={ kind: randomK, share: 0 }',
    ]
    const keys = Object.keys(configOf(name).method)
    for (const bad of all.filter((override) => keys.includes(/\.(\w+)/.exec(override)![1]!)))
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

describe('what a method is without what it adds', () => {
  const one = ['method.perturbations=1', 'federation.localSteps=1']

  test.each([
    ['hiso-paramwise', 'hiso', one],
    ['hiso-paramwise', 'hiso', ['method.hessian.nu=0']],
    ['conmezo', 'decomfl', [`method.coneAngle=${Math.PI / 2}`, 'method.distribution=gaussian']],
  ])('%s is %s, bit for bit (%s)', async (name, other, settings) => {
    expect(await finalHash(configOf(name, ...settings))).toBe(
      await finalHash(configOf(other, ...settings)),
    )
  })

  test('HiSo that draws again after the only local step is HiSo', async () => {
    const settings = ['federation.localSteps=1', 'method.hessian.update=all']
    expect(await finalHash(configOf('hiso', ...settings, 'method.hessian.redraw=true'))).toBe(
      await finalHash(configOf('hiso', ...settings)),
    )
  })

  test('HiSo that draws again differs from HiSo with several local steps', async () => {
    const all = 'method.hessian.update=all'
    expect(await finalHash(configOf('hiso', all, 'method.hessian.redraw=true'))).not.toBe(
      await finalHash(configOf('hiso', all)),
    )
  })

  test('MEERKAT with all parameters is DeComFL once its mask is chosen', async () => {
    const federation = createFederation(
      configOf('meerkat', 'method.trainedShare=1', 'method.maskRounds=1'),
    )
    await federation.round()
    const start = await federation.pool.first((worker) => worker.params())
    expect(new Set(start)).toEqual(new Set([1]))
    await federation.play()
    const [hiso] = [createFederation(configOf('hiso', 'method.hessian={ nu: 0, warmUp: 1 }'))]
    await hiso.play()
    expect(await federation.stateHash()).toBe(await hiso.stateHash())
  })
})

describe('compressed uplinks', () => {
  const cases = ['topK', 'randomK', 'int8'].flatMap((kind) =>
    (['fedavg', 'scaffold', 'fedzo'] as const).map((name) => [name, kind] as const),
  )

  test.each(cases)('%s with %s: same bits for 1 and 4 workers, resumed too', async (name, kind) => {
    const config = configOf(name, `method.compression.kind=${kind}`, 'federation.dropout=0.3')
    const whole = createFederation(config)
    await whole.play()
    const resumed = createFederation(config, { workers: 4, log: whole.server.log.slice(0, 9) })
    await resumed.play()
    expect(await resumed.stateHash()).toBe(await whole.stateHash())
    expect(resumed.server.ledger.cumulative).toEqual(whole.server.ledger.cumulative)
  })

  test.each(cases)('%s with %s lowers the loss', async (name, kind) => {
    const config = configOf(
      name,
      `method.compression={ kind: ${kind}${kind === 'int8' ? '' : ', share: 0.5'} }`,
      'method.learningRate=0.05',
      'federation.rounds=60',
      'task.gradientNoise=0',
    )
    const results = await createFederation(config).play()
    expect(results.at(-1)!.trainLoss!).toBeLessThan(results[0]!.trainLoss! * 0.8)
  })
})

describe.each(vectorNames)('the facts of %s', (name) => {
  test('say as its pieces do whether it takes true gradients', () => {
    const method = createMethod(configOf(name).method, 1)
    if (method.protocol !== 'vector') throw new Error('unreachable')
    expect(methodFacts[name].gradient === 'true').toBe(method.gradient.isFirstOrder)
  })
})

describe('d-dimensional methods', () => {
  test.each([
    ['fedprox', 'method.proximalWeight=0'],
    ['fedavgm', 'method.serverMomentum=0'],
  ])('%s is FedAvg, bit for bit, without what it adds (%s)', async (name, setting) => {
    const settings = ['method.localMomentum=0.5', 'method.weightDecay=0.01']
    expect(await finalHash(configOf(name, setting, ...settings))).toBe(
      await finalHash(configOf('fedavg', ...settings)),
    )
  })

  test.each(vectorNames)(
    '%s follows a change of its learning rate, in replay too',
    async (name) => {
      const config = configOf(name)
      const federation = createFederation(config)
      await federation.round()
      federation.server.change('learningRate', 0.001)
      await federation.play()
      const replica = createReplica(config)
      for (const message of decodeFrames(federation.server.log.since(0))) replica.apply(message)
      expect(hashOf(replica)).toBe(await federation.stateHash())
      expect(hashOf(replica)).not.toBe(await finalHash(config))
    },
  )
})

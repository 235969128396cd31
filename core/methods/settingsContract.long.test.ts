/**
 * Every setting of every method, and every defence against every attack: the same bits for any
 * number of workers, and after any stop.
 */
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import {
  methodFacts,
  methodNames,
  overrideConfig,
  parseRunConfig,
  runConfigSchema,
  schemaAt,
  type RunConfig,
} from '../config/index.ts'
import {
  clientsOf,
  createFederation,
  quadraticConfig,
  type Federation,
} from '../testing/federation.ts'

const schedules = ['{ kind: step, every: 2 }', '{ kind: cosine }'] as const

/**
 * Values of each setting other than the usual one, by its path in `method`; what a value needs
 * besides stands behind it. A setting that the schema gains must be put here.
 */
const variations: Readonly<Record<string, readonly (string | readonly string[])[]>> = {
  learningRate: ['0.003'],
  learningRateSchedule: schedules,
  mu: ['0.5'],
  perturbations: ['2'],
  perturbationSchedule: schedules,
  estimator: [['central', 'method.mu=0.5']],
  distribution: ['gaussian', 'rademacher', 'sphere', ['low-rank', 'method.rank=2']],
  weightDecay: ['0.1'],
  momentum: ['0.9'],
  rank: [['1', 'method.distribution=low-rank', 'method.rank=2']],
  orthogonal: ['true'],
  step: [['implicit', 'method.learningRate=0.05']],
  precision: ['float16', 'bfloat16', 'int8', 'int4', 'sign'],
  aggregatePrecision: ['float16', 'bfloat16', 'int8', 'int4', 'sign'],
  privacy: ['{ kind: gaussian, clip: 0.5, noiseMultiplier: 1 }'],
  pool: ['2'],
  coneAngle: ['0.5'],
  trainedShare: ['0.2'],
  maskRounds: ['3'],
  'hessian.nu': ['0.3'],
  'hessian.epsilon': ['0.1'],
  'hessian.warmUp': ['3'],
  'hessian.update': ['all'],
  'hessian.freezeAfterWarmUp': [['true', 'method.hessian.warmUp=3']],
  'hessian.redraw': [['true', 'method.hessian.update=all']],
  'hessian.estimate': [['second-difference', 'method.mu=0.1']],
  'hessian.shape': ['row', 'tensor'],
  'hessian.biasCorrection': ['true'],
  'hessian.debias': ['true'],
  'hessian.floor': [['0.9', 'method.hessian.shape=row', 'method.hessian.nu=0.5']],
  localMomentum: ['0.9'],
  proximalWeight: ['1'],
  serverMomentum: ['0.5'],
  serverLearningRate: ['0.5'],
  compression: ['{ kind: topK, share: 0.3 }', '{ kind: randomK, share: 0.3 }', '{ kind: int8 }'],
  firstMoment: ['0.5'],
  secondMoment: ['0.5'],
  adaptivity: ['0.1'],
}

const aggregators = [
  '{ kind: mean }',
  '{ kind: median }',
  '{ kind: trimmedMean, attackers: 1 }',
  '{ kind: krum, attackers: 1 }',
  '{ kind: krum, attackers: 1, selected: 2 }',
]
const attacks = ['none', 'gaussian', 'signFlip', 'trim', 'krum', 'colluding']

const rounds = 6
const base = ['federation.participants=5', `federation.rounds=${rounds}`, 'federation.dropout=0.2']

/** What a method needs to move in these few rounds. */
const own: Readonly<Record<string, readonly string[]>> = {
  meerkat: ['method.maskRounds=2', 'method.trainedShare=0.5'],
}

function configOf(name: string, ...overrides: readonly string[]): RunConfig {
  const needed = [...clientsOf(name), ...(own[name] ?? [])]
  return quadraticConfig(`method.name=${name}`, ...base, ...needed, ...overrides)
}

/** Paths of a method's settings that have a value of their own. */
function settingsOf(name: string): string[] {
  return Object.entries(configOf(name).method).flatMap(([key, value]) => {
    if (key === 'name') return []
    return key === 'hessian' ? Object.keys(value as object).map((own) => `hessian.${own}`) : [key]
  })
}

async function played(config: RunConfig, options = {}): Promise<Federation> {
  const federation = createFederation(config, options)
  await federation.play()
  return federation
}

/** @returns the hash that 1, 2 and 4 workers come to, the two having taken up what one has begun */
async function commonHash(config: RunConfig): Promise<string> {
  const whole = await played(config)
  const hash = await whole.stateHash()
  expect(await (await played(config, { workers: 4 })).stateHash()).toBe(hash)
  const resumed = await played(config, { workers: 2, log: whole.server.log.slice(0, rounds / 2) })
  expect(await resumed.stateHash()).toBe(hash)
  expect(resumed.server.log.bytes).toEqual(whole.server.log.bytes)
  expect(resumed.server.ledger.cumulative).toEqual(whole.server.ledger.cumulative)
  return hash
}

/** Whether the method's name has decided a setting, as FeedSign's has its precision. */
function isDecided(name: string, path: string): boolean {
  const keys = ['method', ...path.split('.')]
  return schemaAt(runConfigSchema, keys, configOf(name)) instanceof z.ZodLiteral
}

/** What an implicit step refuses, and methods that scale their directions. */
const isRefused = (name: string, path: string, value: string): boolean =>
  (name.endsWith('-implicit') && (path === 'orthogonal' || value === 'sign')) ||
  (value.startsWith('low-rank') && !('rank' in configOf(name).method))

describe.each(methodNames)('%s', (name) => {
  const settings = settingsOf(name)

  test('has no setting that is left out here', () => {
    expect(settings.filter((it) => !(it in variations))).toEqual([])
  })

  const cases = settings
    .filter((path) => !isDecided(name, path))
    .flatMap((path) => (variations[path] ?? []).map((value) => [path, value] as const))
    .filter(([path, value]) => !isRefused(name, path, String(value)))

  test.each(cases)(
    'with %s %s: the same bits for any number of workers and after a stop, others than without',
    async (path, given) => {
      const [value, ...needed] = typeof given === 'string' ? [given] : given
      const usual = configOf(name, ...needed)
      const config = parseRunConfig(overrideConfig(usual, [`method.${path}=${value!}`]))
      const hash = await commonHash(config)
      // A distribution may be the usual one.
      if (JSON.stringify(config.method) === JSON.stringify(usual.method)) return
      // All of the quadratic's parameters begin alike: none of them is among the smallest.
      if (name === 'sparse-mezo' && path === 'trainedShare') return
      expect(hash).not.toBe(await (await played(usual)).stateHash())
    },
  )

  if (methodFacts[name].clients?.exactly === 1) return
  test.each(aggregators)('by %s, under every attack: the same', async (aggregator) => {
    for (const attack of attacks) {
      const hash = await commonHash(
        configOf(
          name,
          `federation.aggregator=${aggregator}`,
          `federation.attack=${attack === 'none' ? '{ kind: none }' : `{ kind: ${attack}, share: 0.34 }`}`,
        ),
      )
      expect(hash).toMatch(/^[0-9a-f]{64}$/)
    }
  })
})

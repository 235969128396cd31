import { describe, expect, test } from 'vitest'
import type { RunConfig } from '../config/index.ts'
import { DeviceTraffic, onTestDevice } from '../testing/deviceMemory.ts'
import {
  createFederation,
  quadraticConfig,
  type Federation,
  type FederationOptions,
} from '../testing/federation.ts'

const lowRank = ['method.distribution=low-rank', 'method.rank=2']

/** What differs in how x comes to its next value. */
const settings: Readonly<Record<string, readonly string[]>> = {
  hiso: [],
  'one local step': ['federation.localSteps=1'],
  'central differences': ['method.estimator=central'],
  'weight decay': ['method.weightDecay=0.01'],
  'a velocity, which only the replica has': ['method.momentum=0.5'],
  'orthogonal directions': ['method.orthogonal=true'],
  'two scalars per direction': [
    'method.hessian.estimate=second-difference',
    'method.hessian.nu=0.01',
    'method.mu=0.1',
  ],
  signs: ['method.name=feedsign'],
  'low-rank directions': ['method.name=decomfl', ...lowRank],
  'more and more directions': ['method.perturbationSchedule={kind: step, every: 2, factor: 2}'],
}

const configOf = (name: string, ...overrides: readonly string[]) =>
  quadraticConfig(
    'federation.localSteps=3',
    'federation.rounds=6',
    ...settings[name]!,
    ...overrides,
  )

/** A federation whose worker has its parameters on a device. */
function onDevice(config: RunConfig, options: FederationOptions = {}) {
  const traffic = new DeviceTraffic()
  const replaceObjective = (objective: Parameters<typeof onTestDevice>[0]) =>
    onTestDevice(objective, traffic)
  return { traffic, ...createFederation(config, { ...options, replaceObjective }) }
}

async function courseOf(federation: Federation): Promise<readonly string[]> {
  await federation.play()
  const log = federation.server.log.since(0)
  return [await federation.stateHash(), Buffer.from(log).toString('hex')]
}

describe.each(Object.keys(settings))('a replica on a device, with %s', (name) => {
  const config = configOf(name)

  test.each([256, 0])(
    'takes the course that it takes here, with %i MiB for directions',
    async (size) => {
      const limited = configOf(name, `compute.directionMemory=${size}`)
      expect(await courseOf(onDevice(limited))).toEqual(await courseOf(createFederation(config)))
    },
  )

  test('is sent what lies in shared memory', async () => {
    const there = onDevice(config, { shared: true })
    expect(await courseOf(there)).toEqual(await courseOf(createFederation(config)))
  })

  test('goes on from a log as if it had been there', async () => {
    const whole = createFederation(config)
    for (let r = 0; r < 3; r++) await whole.round()
    const log = whole.server.log.since(0).slice()
    expect(await courseOf(onDevice(config, { log }))).toEqual(await courseOf(whole))
  })
})

test('a replica on a device takes part in a change of a setting', async () => {
  const [here, there] = [createFederation(configOf('hiso')), onDevice(configOf('hiso'))]
  for (const federation of [here, there]) {
    await federation.round()
    federation.server.change('learningRate', 0.002)
    await federation.round()
  }
  expect(await courseOf(there)).toEqual(await courseOf(here))
})

test('a replica on a device keeps what fits, and its course does not depend on that', async () => {
  // d float32 take 160 kB: 6 fit into a MiB, x of the 3 participants and 3 of a round's 12
  // directions.
  const wide = ['task.dim=40000', 'federation.rounds=2']
  const config = configOf('hiso', ...wide, 'compute.directionMemory=1')
  const { traffic, ...there } = onDevice(config)
  expect(await courseOf(there)).toEqual(await courseOf(createFederation(configOf('hiso', ...wide))))
  // x, the participants' own, the directions, a sum, its next value, a direction that is not kept.
  expect(traffic.mostHeld).toBe(1 + 3 + 3 + 3)
})

test('x is sent to a device once in a run, and each direction once', async () => {
  const { traffic, play, pool } = onDevice(configOf('hiso'))
  await play()
  expect(traffic.sent).toBe(1 + 6 * 3 * 4)
  // When a round's entry is applied: x, 3 clients' x, 12 directions, a sum and its next value.
  expect(traffic.mostHeld).toBe(1 + 3 + 12 + 2)
  await pool.close()
  expect(traffic.held).toBe(0)
})

test('of a low-rank direction a device is sent the factors alone', async () => {
  const { traffic, play } = onDevice(configOf('low-rank directions'))
  await play()
  // x once; a matrix of 7 × 13 has factors of 2 (7 + 13), and a vector of 10 stays dense.
  expect(traffic.sent).toBe(1)
  expect(traffic.numbersSent).toBe(101 + 6 * 3 * 4 * (2 * (7 + 13) + 10))
})

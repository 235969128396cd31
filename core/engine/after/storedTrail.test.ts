/**
 * States in the cache are never the truth: a walk from one is the walk from a replay, and one that
 * is not what the log says is made again.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { methodNames } from '../../config/index.ts'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { clientsOf, quadraticConfig } from '../../testing/federation.ts'
import type { EngineHost } from '../engineHost.ts'
import { keepStates } from '../play/stateKeeper.ts'
import { Run } from '../play/run.ts'
import { RunWalks } from './runWalks.ts'
import { forgetStates } from './storedTrail.ts'

const rounds = 24
/** As if a round took a second. */
const oneSecondARound = 1000

/** A run that leaves states while it is played, on a clock on which that takes its time. */
async function played(...overrides: readonly string[]) {
  let ms = 0
  const host: EngineHost = { ...memoryEngineHost(), now: () => (ms += oneSecondARound) }
  const config = quadraticConfig(`federation.rounds=${rounds}`, ...overrides)
  const run = await Run.start(host, config, 'a')
  keepStates(host, run)
  await run.play()
  return host
}

/** The walk of a program that has the run and no state of it. */
const replayedWalk = (host: EngineHost, round: number) =>
  new RunWalks({ ...host, states: memoryEngineHost().states }).walk('a', round)

const variants: Readonly<Record<string, readonly string[]>> = {
  ...Object.fromEntries(
    methodNames.map((name) => [name, [`method.name=${name}`, ...clientsOf(name)]]),
  ),
  'a pooled curvature': ['method.hessian.shape=tensor'],
  'a debiased curvature': ['method.hessian.debias=true', 'method.hessian.biasCorrection=true'],
  'a relative curvature': ['method.estimator=central', 'method.hessian.estimate=second-difference'],
  momentum: ['method.momentum=0.9'],
}

describe.each(Object.keys(variants))('%s', (variant) => {
  test('is walked from a state as from a replay, bit for bit', async () => {
    const host = await played(...variants[variant]!)
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: rounds - 1 }), async (round) => {
        const walk = await new RunWalks(host).walk('a', round)
        expect(walk).toEqual(await replayedWalk(host, round))
      }),
      { numRuns: 2, examples: [[rounds - 1]] },
    )
  })
})

/** How many rounds a first click on the last round replays. */
async function replayedRounds(host: EngineHost): Promise<number> {
  let most = 0
  const walks = new RunWalks(host, (_, share) => (most = Math.max(most, share)))
  await walks.walk('a', rounds - 1)
  return most
}

test('a run that was played leaves states: the first click replays next to nothing', async () => {
  const host = await played()
  expect((await host.states.names('')).length).toBeGreaterThan(rounds / 2)
  const before = await host.states.names('')
  await replayedRounds(host)
  // A replay from the start would have left more.
  expect(await host.states.names('')).toEqual(before)
})

test('a run that left none gets them with the first click, which tells how far it is', async () => {
  let ms = 0
  const host: EngineHost = { ...memoryEngineHost(), now: () => (ms += oneSecondARound) }
  await (await Run.start(host, quadraticConfig(`federation.rounds=${rounds}`), 'a')).play()
  expect(await host.states.names('')).toEqual([])
  expect(await replayedRounds(host)).toBe(1)
  expect((await host.states.names('')).length).toBeGreaterThan(rounds / 2)
  await forgetStates(host, 'a')
  expect(await host.states.names('')).toEqual([])
})

test('a state that is damaged, cut or of another run is made again', async () => {
  const spoil: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array>> = {
    damaged: (bytes) => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte)),
    cut: (bytes) => bytes.subarray(0, bytes.length >> 1),
    empty: () => new Uint8Array(),
  }
  for (const [how, spoiled] of Object.entries(spoil)) {
    const host = await played()
    for (const name of await host.states.names(''))
      await host.states.write(name, spoiled((await host.states.read(name))!))
    expect(await new RunWalks(host).walk('a', rounds - 1), how).toEqual(
      await replayedWalk(host, rounds - 1),
    )
  }
  const [host, other] = [await played(), await played('seed=2')]
  for (const name of await host.states.names('')) {
    const foreign = await other.states.read(name)
    if (foreign !== undefined) await host.states.write(name, foreign)
  }
  expect(await new RunWalks(host).walk('a', rounds - 1)).toEqual(
    await replayedWalk(host, rounds - 1),
  )
})

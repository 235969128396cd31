import { expect, test } from 'vitest'
import { memoryEngineHost } from '../../testing/engineHost.ts'
import { quadraticConfig } from '../../testing/federation.ts'
import { profileRound } from '../index.ts'

test('the parts of a round add up to it, and its forward passes are those of the method', async () => {
  const config = quadraticConfig('federation.rounds=1000', 'federation.dropout=0')
  const { federation, method } = config
  if (method.name !== 'hiso') throw new Error('the test config runs HiSo')
  // A clock that moves by one with every look at it: time is the number of looks.
  let looks = 0
  const profile = await profileRound(config, memoryEngineHost(), {
    clock: () => looks++,
    budgetMs: 100,
  })
  const { roundMs, forwardMs, batchesMs, directionsMs, updateMs, protocolMs } = profile
  expect(forwardMs + batchesMs + directionsMs + updateMs + protocolMs).toBeCloseTo(roundMs, 9)
  for (const part of [forwardMs, directionsMs, updateMs, protocolMs])
    expect(part).toBeGreaterThan(0)
  const passes = method.estimator === 'central' ? 2 : 1
  const base = passes === 1 ? 1 : 0
  expect(profile.forwardPasses).toBe(
    federation.participants * federation.localSteps * (passes * method.perturbations + base),
  )
})

test('each part is measured once where there is no time for more', async () => {
  const config = quadraticConfig('federation.rounds=1000', 'federation.localSteps=1')
  let looks = 0
  const { roundMs, pureForwardMs } = await profileRound(config, memoryEngineHost(), {
    clock: () => looks++,
    budgetMs: Infinity,
    isEnough: () => true,
  })
  expect(roundMs).toBeGreaterThan(0)
  expect(pureForwardMs).toBeGreaterThan(0)
})

import { describe, expect, test } from 'vitest'
import { parseRunConfig, type HessianSettings } from '../config/index.ts'
import { createPlainKernels } from '../kernels/index.ts'
import { fillNoise } from '../random/index.ts'
import { createMethod } from './registry.ts'
import { relative } from './relativeCurvature.ts'

const dim = 12
const perturbations = 32

function settingsOf(hessian: Partial<HessianSettings>): HessianSettings {
  const { method } = parseRunConfig({
    name: 'test',
    task: { kind: 'quadratic' },
    method: {
      name: 'hiso',
      hessian: { estimate: 'second-difference', floor: 0, epsilon: 0, nu: 0.1, ...hessian },
    },
  })
  if (method.name !== 'hiso') throw new Error(method.name)
  return method.hessian
}

/**
 * What H, at first 1, has become after rounds on a loss whose Hessian has the diagonal σ and
 * nothing beside it.
 */
function learned(
  settings: HessianSettings,
  sigma: readonly number[],
  rounds: number,
  distribution: 'gaussian' | 'sphere' = 'gaussian',
): number[] {
  const curvature = relative(settings, distribution)
  const memory = curvature.open({ dim, tensors: [{ name: 'w', shape: [3, 4] }] })
  const hessian = new Float32Array(dim).fill(1)
  for (let round = 0; round < rounds; round++) {
    const directions = Array.from({ length: perturbations }, (_, p) => {
      const u = new Float32Array(dim)
      fillNoise(u, 'gaussian', round, p, 0, 1)
      const length = Math.hypot(...u)
      const scale = distribution === 'sphere' ? Math.sqrt(dim) / length : 1
      return u.map((value, i) => (scale * value) / Math.sqrt(hessian[i]!))
    })
    curvature.update(memory, {
      kernels: createPlainKernels(),
      start: 0,
      hessian,
      next: hessian,
      delta: new Float32Array(dim),
      scalars: new Float32Array(perturbations),
      secondDifferences: Float32Array.from(directions, (z) =>
        z.reduce((sum, value, i) => sum + sigma[i]! * value * value, 0),
      ),
      stepsLeft: 0,
      direction: (p) => directions[p]!,
      redraw: () => {
        throw new Error('these learn along the directions of the round')
      },
    })
    curvature.closeRound!(memory, { params: new Float32Array(dim), hessian, round })
  }
  return [...hessian]
}

describe('a Hessian learned relative to itself', () => {
  const steep = Array.from({ length: dim }, (_, i) => 10 ** (i / 2))

  test.each(['gaussian', 'sphere'] as const)(
    'comes to the diagonal over five orders of magnitude, and stays, with %s directions',
    (distribution) => {
      for (const rounds of [60, 120])
        for (const [i, value] of learned(settingsOf({}), steep, rounds, distribution).entries())
          expect(Math.abs(Math.log2(value / steep[i]!))).toBeLessThan(1)
    },
  )

  test('moves by a factor of 2 a round at the most', () => {
    const huge = steep.map((value) => 1e6 * value)
    const one = { nu: 1 }
    for (let rounds = 0; rounds < 4; rounds++) {
      const before = learned(settingsOf(one), huge, rounds)
      for (const [i, value] of learned(settingsOf(one), huge, rounds + 1).entries())
        expect(Math.abs(Math.log2(value / before[i]!))).toBeLessThanOrEqual(1)
    }
  })

  test('has one value per row, near the mean of the row', () => {
    const values = learned(settingsOf({ shape: 'row' }), steep, 120)
    for (let row = 0; row < 3; row++) {
      const own = values.slice(4 * row, 4 * row + 4)
      const mean = steep.slice(4 * row, 4 * row + 4).reduce((sum, each) => sum + each / 4, 0)
      expect(new Set(own).size).toBe(1)
      expect(own[0]! / mean).toBeGreaterThan(0.5)
      expect(own[0]! / mean).toBeLessThan(2)
    }
  })

  test('falls to its share of the mean where there is no curvature, and no lower', () => {
    const flat = steep.map((value, i) => (i < 6 ? 0 : value))
    const values = learned(settingsOf({ floor: 0.01 }), flat, 200)
    const mean = values.reduce((sum, value) => sum + value / dim, 0)
    for (const value of values.slice(0, 6)) expect(value / mean).toBeCloseTo(0.01, 3)
  })
})

test('second differences are measured for as long as they teach, and no longer', () => {
  const { method, federation } = parseRunConfig({
    name: 'test',
    task: { kind: 'quadratic' },
    method: {
      name: 'hiso',
      hessian: { estimate: 'second-difference', warmUp: 3, freezeAfterWarmUp: true },
    },
  })
  const created = createMethod(method, federation.rounds)
  if (created.protocol !== 'scalar') throw new Error(created.protocol)
  const scalarsOf = (round: number) => created.estimator(round).scalarsPerDirection
  expect([0, 1, 2, 3, 4].map(scalarsOf)).toEqual([2, 2, 2, 1, 1])
  expect(created.estimator(3).probes(5)).toHaveLength(6)
})

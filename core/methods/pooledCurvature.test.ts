import { describe, expect, test } from 'vitest'
import { createPlainKernels } from '../kernels/index.ts'
import { parseRunConfig, type HessianSettings } from '../config/index.ts'
import { fillNoise } from '../random/index.ts'
import { groupStarts } from './groups.ts'
import { pooled } from './pooledCurvature.ts'

const tensors = [
  { name: 'weight', shape: [3, 4] },
  { name: 'bias', shape: [4] },
]
const dim = 16

function settingsOf(hessian: Partial<HessianSettings>): HessianSettings {
  const { method } = parseRunConfig({
    name: 'test',
    task: { kind: 'quadratic' },
    method: { name: 'hiso', hessian: { floor: 0, epsilon: 0, ...hessian } },
  })
  if (method.name !== 'hiso') throw new Error(method.name)
  return method.hessian
}

/**
 * A curvature fed with the local steps of rounds along fresh directions, for a loss with gradient g
 * and diagonal Hessian σ.
 */
function feed(
  settings: HessianSettings,
  { rounds, perturbations }: { rounds: number; perturbations: number },
  { gradient, sigma, hessian }: Record<'gradient' | 'sigma' | 'hessian', Float32Array>,
): Float32Array {
  const curvature = pooled(settings, 'gaussian')
  const memory = curvature.open({ dim, tensors })
  const out = hessian.slice()
  for (let round = 0; round < rounds; round++) {
    const directions = Array.from({ length: perturbations }, (_, p) => {
      const u = new Float32Array(dim)
      fillNoise(u, 'gaussian', round, p, 0, 1)
      return u.map((value, i) => value / Math.sqrt(hessian[i]!))
    })
    const along = (values: Float32Array, power: number) =>
      Float32Array.from(directions, (z) =>
        z.reduce((sum, value, i) => sum + values[i]! * value ** power, 0),
      )
    const scalars = along(gradient, 1)
    const delta = new Float32Array(dim)
    for (const [p, z] of directions.entries())
      for (let i = 0; i < dim; i++) delta[i]! += (scalars[p]! / perturbations) * z[i]!
    curvature.update(memory, {
      kernels: createPlainKernels(),
      start: 0,
      hessian,
      next: out,
      delta,
      scalars,
      secondDifferences: along(sigma, 2),
      stepsLeft: 0,
      direction: (p) => directions[p]!,
      redraw: () => {
        throw new Error('these learn along the directions of the round')
      },
    })
    curvature.closeRound!(memory, { params: new Float32Array(dim), hessian: out, round })
  }
  return out
}

const ramp = Float32Array.from({ length: dim }, (_, i) => 0.25 + i / 8)

describe('groups', () => {
  test('rows are those of matrices, a vector is one group, and tensors follow each other', () => {
    expect([...groupStarts('row', dim, tensors)]).toEqual([0, 4, 8, 12, 16])
    expect([...groupStarts('tensor', dim, tensors)]).toEqual([0, 12, 16])
    expect(groupStarts('coordinate', dim, tensors)).toHaveLength(dim + 1)
    expect([...groupStarts('row', dim, [])]).toEqual([0, 16])
  })

  test('tensors that do not fill x are refused', () => {
    expect(() => groupStarts('row', dim + 1, tensors)).toThrow('16 parameters, not 17')
  })
})

describe('an average over rounds', () => {
  // 4,000 rounds: the mean of a squared normal is then within 4 standard errors, 4 √(2 / 4000) =
  // 9%.
  const many = { rounds: 4000, perturbations: 8 }
  const longMemory = { biasCorrection: true, nu: 1e-7 } as const

  test('without the isotropic part is the squared gradient, whatever H the directions have', () => {
    const one = { gradient: ramp, sigma: ramp, hessian: Float32Array.from(ramp).reverse() }
    const learned = feed(settingsOf({ ...longMemory, debias: true }), many, one)
    const total = ramp.reduce((sum, g, i) => sum + (g * g) / one.hessian[i]!, 0)
    for (let i = 0; i < dim; i++) {
      const noise = total / 8 / one.hessian[i]!
      const signal = (ramp[i]! / one.hessian[i]!) ** 2 * (1 + 1 / 8)
      expect(Math.abs(learned[i]! - signal)).toBeLessThan(0.09 * 2 * (signal + noise))
    }
  })

  test('with the isotropic part is hardly the squared gradient', () => {
    const one = { gradient: ramp, sigma: ramp, hessian: new Float32Array(dim).fill(1) }
    const learned = feed(settingsOf({ ...longMemory, shape: 'row' }), many, one)
    const total = ramp.reduce((sum, g) => sum + g * g, 0)
    expect(learned[0]! / total).toBeGreaterThan(1 / 8)
  })
})

describe('one value', () => {
  const one = { gradient: ramp, sigma: ramp, hessian: new Float32Array(dim).fill(1) }
  const first = { rounds: 1, perturbations: 4 }

  test('starts at 1 and forgets it with 1 − ν; corrected, the first estimate counts in full', () => {
    const plain = feed(settingsOf({ nu: 0.25, shape: 'tensor' }), first, one)
    const corrected = feed(
      settingsOf({ nu: 0.25, shape: 'tensor', biasCorrection: true }),
      first,
      one,
    )
    expect(plain[0]).toBeCloseTo(0.75 + 0.25 * corrected[0]!, 5)
  })

  test('never falls below its share of the mean, nor to nothing where every estimate is negative', () => {
    const debiased = settingsOf({ biasCorrection: true, debias: true, floor: 0.5, nu: 0.1 })
    const learned = feed(debiased, first, one)
    const mean = learned.reduce((sum, value) => sum + value / dim, 0)
    // The mean is of what was there before the floor lifted some of it.
    expect(Math.min(...learned)).toBeGreaterThan((0.5 * mean) / 2)
    const nothing = { ...one, gradient: new Float32Array(dim) }
    expect([...feed(debiased, first, nothing)]).toEqual([...one.hessian])
  })
})

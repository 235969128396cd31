import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { QuadraticSettings, SpectrumSettings } from '../config/index.ts'
import { createQuadraticObjective } from './quadratic.ts'
import { quadraticSpectrum } from './spectrum.ts'

const settings = (changes: Partial<QuadraticSettings> = {}): QuadraticSettings => ({
  kind: 'quadratic',
  dim: 37,
  spectrum: { kind: 'power-law', largest: 3, exponent: 1 },
  heterogeneity: 0,
  gradientNoise: 0,
  ...changes,
})

const batch = (client: number, round = 0, localStep = 0) => ({ client, round, localStep })

describe('the spectrum', () => {
  it('is flat, a power law, or of low rank, and never increases', () => {
    expect([...quadraticSpectrum({ kind: 'flat', largest: 2 }, 3)]).toEqual([2, 2, 2])
    const law = quadraticSpectrum({ kind: 'power-law', largest: 8, exponent: 2 }, 4)
    law.forEach((value, j) => expect(value).toBeCloseTo(8 / (j + 1) ** 2, 12))
    const low: SpectrumSettings = { kind: 'low-rank', largest: 5, rank: 2, smallest: 0.1 }
    expect([...quadraticSpectrum(low, 4)]).toEqual([5, 5, 0.1, 0.1])
    expect([...quadraticSpectrum({ ...low, rank: 9 }, 3)]).toEqual([5, 5, 5])
  })
})

describe('the quadratic objective', () => {
  it('is half the curvature-weighted square of x, for batches and in evaluation', async () => {
    const objective = createQuadraticObjective(settings(), 365)
    const lambda = quadraticSpectrum(settings().spectrum, 37)
    const arbitrary = fc.array(fc.float({ min: -10, max: 10, noNaN: true }), {
      minLength: 37,
      maxLength: 37,
    })
    await fc.assert(
      fc.asyncProperty(arbitrary, async (values) => {
        const x = Float32Array.from(values)
        const f = x.reduce((sum, value, j) => sum + (lambda[j]! * value * value) / 2, 0)
        const [a, b] = await objective.losses(x, [batch(0), batch(9)])
        expect(a).toBeCloseTo(f, 9)
        expect(b).toBe(a)
        expect(await objective.evaluate(x, 0, 1)).toEqual({
          lossSum: a,
          correct: undefined,
          samples: 1,
        })
      }),
    )
  })

  it('starts at ones, in a copy of its own each time', () => {
    const objective = createQuadraticObjective(settings(), 365)
    objective.initialParams().fill(7)
    expect(objective.initialParams()).toEqual(new Float32Array(37).fill(1))
  })

  it("puts each client's optimum `heterogeneity` standard deviations from the common one", async () => {
    const dim = 20_000
    const spectrum: SpectrumSettings = { kind: 'flat', largest: 4 }
    const objective = createQuadraticObjective(settings({ dim, spectrum, heterogeneity: 0.5 }), 365)
    // The slope at coordinate j is f(e_j) - f(0) - λ/2; the optimum is -slope/λ.
    const optima: number[] = []
    const x = new Float32Array(dim)
    for (let j = 0; j < 400; j++) {
      x[j] = 1
      const [loss] = await objective.losses(x, [batch(3)])
      optima.push(-(loss! - 2) / 4)
      x[j] = 0
    }
    const variance = optima.reduce((sum, value) => sum + value * value, 0) / optima.length
    // A sample of 400 has a standard error of 3.5% in its standard deviation.
    expect(Math.sqrt(variance)).toBeGreaterThan(0.42)
    expect(Math.sqrt(variance)).toBeLessThan(0.58)
  })

  it('gives a minibatch the same slope whenever and with whomever it is asked for', async () => {
    const changes = { heterogeneity: 1, gradientNoise: 2 }
    const objective = createQuadraticObjective(settings(changes), 365)
    const x = new Float32Array(37).fill(1)
    const addresses = [batch(5, 3, 1), batch(999_999, 3, 1), batch(5, 4, 1), batch(5, 3, 2)]
    const together = await objective.losses(x, addresses)
    expect(new Set(together).size).toBe(4)
    const again = createQuadraticObjective(settings(changes), 365)
    for (const i of [2, 0, 3, 1]) {
      expect((await again.losses(x, [addresses[i]!]))[0]).toBe(together[i])
    }
    const other = createQuadraticObjective(settings(changes), 366)
    expect((await other.losses(x, addresses))[0]).not.toBe(together[0])
  })

  it('averages the noise of minibatches away', async () => {
    const objective = createQuadraticObjective(settings({ gradientNoise: 1 }), 1)
    const x = new Float32Array(37)
    x[4] = 1
    const exact = (await objective.evaluate(x, 0, 1)).lossSum
    let sum = 0
    for (let round = 0; round < 2000; round++) {
      sum += (await objective.losses(x, [batch(0, round)]))[0]! - exact
    }
    // Five standard errors of the mean of 2,000 standard normals.
    expect(Math.abs(sum / 2000)).toBeLessThan(5 / Math.sqrt(2000))
  })
})

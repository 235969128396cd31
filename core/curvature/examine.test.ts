import { describe, expect, it } from 'vitest'
import { RandomStream } from '../random/index.ts'
import { matrixWithSpectrum, quadraticSurface, diagonalOf } from '../testing/surfaces.ts'
import { examinationCost, examine, gradientCost } from './examine.ts'
import type { LossSurface } from './lossSurface.ts'

const dim = 60
const spectrum = Array.from({ length: dim }, (_, j) => 8 / (1 + j))
const matrix = matrixWithSpectrum(spectrum, 12)
/** The same, its coordinates scaled: the diagonal then spans three decades. */
for (let i = 0; i < dim; i++)
  for (let j = 0; j < dim; j++) matrix[i * dim + j]! *= 10 ** ((i % 4) / 2) * 10 ** ((j % 4) / 2)
const surface = quadraticSurface(matrix)
const params = Float32Array.from({ length: dim }, (_, j) => 1 + Math.sin(j))
const tensors = [
  { name: 'a', shape: [4, 10] },
  { name: 'b', shape: [20] },
]
const settings = {
  probes: 'exact' as const,
  spectrumSteps: 60,
  perturbations: 5,
  learningRate: 0.1,
  angles: { perturbations: 4, repeats: 1, mu: 1e-3, estimator: 'forward' as const },
  seed: 1,
}
const truth = diagonalOf(matrix)
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)

describe('an examination', () => {
  it('of an H that is the true diagonal says that it clearly tracks, and ζ is d', async () => {
    const found = await examine(surface, params, Float32Array.from(truth), tensors, settings)
    expect(found.verdict.kind).toBe('clear')
    expect(found.rank.value).toBeCloseTo(1, 3)
    expect(found.trace.value / sum(truth)).toBeCloseTo(1, 3)
    const [learned, identity, diagonal] = found.metrics
    expect(learned!.whiteningRank.value / dim).toBeCloseTo(1, 3)
    // The flattest coordinates lie below the floor of this metric.
    expect(diagonal!.whiteningRank.value / dim).toBeCloseTo(0.84, 2)
    expect(identity!.whiteningRank.value).toBe(found.trace.value)
    expect(identity!.effectiveRank).toBe(found.effectiveRank)
    expect(found.effectiveRank).toBeCloseTo(found.trace.value / found.spectrum.top[0]!, 6)
    expect(identity!.gain).toBe(1)
    const g = new Float64Array(dim)
    await surface.gradient(params, g)
    const rho = (h: Float64Array) =>
      sum(g.map((value, j) => value ** 2 / h[j]!)) / sum(truth.map((value, j) => value / h[j]!))
    expect(learned!.gain! / (rho(truth) / rho(truth.map(() => 1)))).toBeCloseTo(1, 3)
    // Curvature that is evened out lets a step go further.
    expect(learned!.effectiveRank).toBeGreaterThan(identity!.effectiveRank)
    expect(found.tensors.map(({ size }) => size)).toEqual([40, 20])
    const [a, b] = found.tensors
    expect((40 * a!.trueMean.value + 20 * b!.trueMean.value) / sum(truth)).toBeCloseTo(1, 3)
    expect(found.scatter.index).toHaveLength(dim)
  })

  it('of an H that is noise says that it does not track', async () => {
    const stream = new RandomStream(3, 'curvature')
    const noise = Float32Array.from({ length: dim }, () => 1 + stream.uniform())
    const found = await examine(surface, params, noise, tensors, settings)
    expect(found.verdict.kind).toBe('none')
  })

  it('of an H that was never learned leaves its metric out', async () => {
    const found = await examine(surface, params, new Float32Array(dim).fill(1), tensors, settings)
    expect(found.verdict.kind).toBe('not-learned')
    expect(found.metrics.map(({ metric }) => metric)).toEqual(['identity', 'diagonal'])
  })

  it('is the same every time, and costs no more than was foretold', async () => {
    let cost = 0
    const counting: LossSurface = {
      ...surface,
      loss: (x) => {
        cost++
        return surface.loss(x)
      },
      gradient: (x, out) => {
        cost += gradientCost
        return surface.gradient(x, out)
      },
    }
    const probed = { ...settings, probes: 10, spectrumSteps: 15 }
    const hessian = Float32Array.from(truth)
    const first = await examine(counting, params, hessian, tensors, probed)
    expect(cost).toBe(examinationCost(surface, probed))
    expect(await examine(surface, params, hessian, tensors, probed)).toEqual(first)
  })
})

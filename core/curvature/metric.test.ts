import { describe, expect, it } from 'vitest'
import { RandomStream } from '../random/index.ts'
import { matrixWithSpectrum, quadraticSurface } from '../testing/surfaces.ts'
import { measureAngles } from './angle.ts'
import { hessianOperator } from './differences.ts'
import {
  bestDecrease,
  diagonalMetric,
  estimateMoments,
  estimateVariance,
  expectedCosine,
} from './metric.ts'
import { dot, norm } from './vectors.ts'

const dim = 12
const gradient = Float64Array.from({ length: dim }, (_, j) => Math.cos(3 * j) + 0.2)
const metric = Float32Array.from({ length: dim }, (_, j) => 0.3 + (j % 5))
const matrix = matrixWithSpectrum(
  Array.from({ length: dim }, (_, j) => 1 + j),
  7,
)

/** One estimate Δ from P directions, with exact projections. */
function estimate(stream: RandomStream, perturbations: number): Float64Array {
  const delta = new Float64Array(dim)
  for (let p = 0; p < perturbations; p++) {
    const z = Float64Array.from(metric, (value) => stream.normal() / Math.sqrt(value))
    const scalar = dot(z, gradient) / perturbations
    z.forEach((value, j) => (delta[j]! += scalar * value))
  }
  return delta
}

const samples = 20_000
const perturbations = 3
/**
 * The mean over samples of something of Δ has this relative error at most, five standard errors and
 * more.
 */
const tolerance = 0.06

describe('moments of the zeroth-order estimate under a metric', () => {
  const stream = new RandomStream(11, 'curvature')
  const draws = Array.from({ length: samples }, () => estimate(stream, perturbations))
  const moments = estimateMoments(gradient, metric)
  const mean = gradient.map((value, j) => value / metric[j]!)

  it('are those of 20,000 draws: slope, and variance', () => {
    const slope = draws.reduce((sum, delta) => sum + dot(delta, gradient), 0) / samples
    expect(slope / moments.slope).toBeCloseTo(1, 1)
    let variance = 0
    for (const delta of draws) {
      const off = delta.map((value, j) => value - mean[j]!)
      variance += dot(off, off) / samples
    }
    const predicted = estimateVariance(moments, perturbations)
    expect(Math.abs(variance / predicted - 1)).toBeLessThan(tolerance)
  })

  it('give the curvature that a step meets, and with it the best decrease', async () => {
    const apply = hessianOperator(quadraticSurface(matrix), new Float32Array(dim).fill(1))
    const product = new Float64Array(dim)
    let curvature = 0
    for (const delta of draws.slice(0, 5000)) {
      for (let i = 0; i < dim; i++)
        product[i] = delta.reduce((sum, value, j) => sum + matrix[i * dim + j]! * value, 0)
      curvature += dot(delta, product) / 5000
    }
    await apply(mean, product)
    const whiteningRank = metric.reduce((sum, value, j) => sum + matrix[j * dim + j]! / value, 0)
    const best = bestDecrease(moments, dot(mean, product), whiteningRank, perturbations)!
    expect(Math.abs((best * 2 * curvature) / moments.slope ** 2 - 1)).toBeLessThan(2 * tolerance)
  })

  it('change with a factor on the metric as they must: the best decrease not at all', () => {
    const scaled = estimateMoments(
      gradient,
      metric.map((value) => 4 * value),
    )
    expect(estimateVariance(scaled, 1)).toBeCloseTo(estimateVariance(moments, 1) / 16, 6)
    expect(bestDecrease(scaled, 3 / 16, 5 / 4, 2)).toBeCloseTo(bestDecrease(moments, 3, 5, 2)!, 5)
    expect(bestDecrease(moments, -100, 1, 2)).toBeUndefined()
  })

  it('give the cosine √(P / (d + P + 1)) where there is no metric', () => {
    const flat = estimateMoments(gradient, new Float32Array(dim).fill(1))
    for (const count of [1, 4, 64])
      expect(expectedCosine(flat, norm(gradient), count)).toBeCloseTo(
        Math.sqrt(count / (dim + count + 1)),
        10,
      )
  })
})

describe('angles measured with losses', () => {
  it('follow what is expected, for every metric', async () => {
    const surface = quadraticSurface(matrix)
    const params = Float32Array.from({ length: dim }, (_, j) => Math.sin(j) + 0.5)
    const slope = new Float64Array(dim)
    await surface.gradient(params, slope)
    const names = ['learned', 'identity'] as const
    const metrics = [metric, new Float32Array(dim).fill(1)].map((values, i) => ({
      name: names[i]!,
      values,
      moments: estimateMoments(slope, values),
    }))
    const { perturbations: counts, curves } = await measureAngles(
      surface,
      params,
      slope,
      metrics,
      { perturbations: 64, repeats: 60, mu: 1e-3, estimator: 'central' },
      new RandomStream(2, 'curvature'),
    )
    expect([...counts]).toEqual([1, 2, 4, 8, 16, 32, 64])
    for (const { measured, expected } of curves)
      for (const i of [3, 4, 5, 6]) expect(Math.abs(measured[i]! - expected[i]!)).toBeLessThan(0.06)
  })
})

describe('the metric of a true diagonal', () => {
  it('takes sizes, and keeps away from 0', () => {
    const made = diagonalMetric(Float64Array.of(4, -2, 0, 2))
    expect([...made.slice(0, 2)]).toEqual([4, 2])
    expect(made[2]).toBeCloseTo(0.02, 6)
    expect(diagonalMetric(new Float64Array(3)).every((value) => value > 0)).toBe(true)
  })
})

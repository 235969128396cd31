import { describe, expect, it } from 'vitest'
import { matrixWithSpectrum, quadraticSurface } from '../testing/surfaces.ts'
import { RandomStream } from '../random/index.ts'
import { hessianOperator } from './differences.ts'
import { lanczos, spectralNorm } from './lanczos.ts'
import { summarizeSpectrum } from './spectrum.ts'
import { tridiagonalEigen } from './tridiagonal.ts'
import { fillSigns } from './diagonal.ts'
import type { Operator } from './lossSurface.ts'

function operatorOf(matrix: Float64Array): Operator {
  const surface = quadraticSurface(matrix)
  return hessianOperator(surface, new Float32Array(surface.dim).fill(1))
}

function start(dim: number): Float64Array {
  const v = new Float64Array(dim)
  fillSigns(v, new RandomStream(5, 'curvature'))
  return v
}

describe('eigenvalues of a tridiagonal matrix', () => {
  it('are 2 − 2 cos(jπ / (k + 1)) for the second difference, with eigenvectors that are sines', () => {
    const k = 25
    const { values, components } = tridiagonalEigen(
      new Float64Array(k).fill(2),
      new Float64Array(k - 1).fill(-1),
    )
    for (let j = 1; j <= k; j++) {
      const angle = (j * Math.PI) / (k + 1)
      expect(values[j - 1]).toBeCloseTo(2 - 2 * Math.cos(angle), 12)
      const end = Math.sqrt(2 / (k + 1)) * Math.sin(angle)
      expect(Math.abs(components[0]![j - 1]!)).toBeCloseTo(end, 12)
      expect(Math.abs(components[k - 1]![j - 1]!)).toBeCloseTo(end, 12)
    }
  })

  it('are the diagonal where there is nothing beside it', () => {
    const { values } = tridiagonalEigen(Float64Array.of(3, -1, 2), new Float64Array(2))
    expect([...values]).toEqual([-1, 2, 3])
  })
})

describe('Lanczos', () => {
  it('finds the whole spectrum of a small operator, also below 0, and each eigenvalue once', async () => {
    const eigenvalues = [-3, -0.5, 0.01, 0.4, 1, 2, 5, 40]
    const found = await lanczos(operatorOf(matrixWithSpectrum(eigenvalues, 1)), start(8), 20)
    expect(found.values).toHaveLength(8)
    found.values.forEach((value, j) => expect(value).toBeCloseTo(eigenvalues[j]!, 4))
    expect(found.weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10)
    expect(spectralNorm(found)).toBeCloseTo(40, 4)
  })

  it('needs few steps for the outermost, within the residuals that it states', async () => {
    const eigenvalues = Array.from({ length: 200 }, (_, j) => 10 / (j + 1) ** 2)
    const found = await lanczos(operatorOf(matrixWithSpectrum(eigenvalues, 2)), start(200), 25)
    for (let j = 0; j < 4; j++) {
      const error = Math.abs(found.values.at(-1 - j)! - eigenvalues[j]!)
      expect(error).toBeLessThan(found.residuals.at(-1 - j)!)
      expect(found.residuals.at(-1 - j)).toBeLessThan(0.01)
    }
  })

  it('states the error of an operator that is not quite linear', async () => {
    const apply: Operator = (v, out) => {
      for (let j = 0; j < 6; j++) out[j] = (6 - j) * v[j]! * (1 + 0.01 * Math.sin(40 * v[j]!))
      return Promise.resolve()
    }
    const found = await lanczos(apply, start(6), 6)
    const error = Math.abs(found.values.at(-1)! - 6)
    expect(error).toBeGreaterThan(1e-4)
    expect(error).toBeLessThan(found.residuals.at(-1)!)
    expect(found.residuals.at(-1)).toBeLessThan(0.1)
  })

  it('stops where the space is exhausted: two eigenvalues take two steps', async () => {
    const dim = 30
    const apply: Operator = (v, out) => {
      for (let j = 0; j < dim; j++) out[j] = (j < 10 ? 7 : 2) * v[j]!
      return Promise.resolve()
    }
    const found = await lanczos(apply, start(dim), 12)
    expect(found.values).toHaveLength(2)
    expect(found.values[0]).toBeCloseTo(2, 10)
    expect(found.values[1]).toBeCloseTo(7, 10)
    // Signs see every coordinate alike: a third of them has the 7.
    expect(found.weights[1]).toBeCloseTo(1 / 3, 10)
    const { density, at, top, negativeShare } = summarizeSpectrum(found)
    const step = at[1]! - at[0]!
    expect(density.reduce((sum, value) => sum + value * step, 0)).toBeCloseTo(1, 3)
    expect(top[0]).toBeCloseTo(7, 10)
    expect(negativeShare).toBe(0)
  })
})

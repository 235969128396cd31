import { describe, expect, it } from 'vitest'
import { RandomStream } from '../random/index.ts'
import { examineSubspace, subspaceProducts } from './subspace.ts'

/** Σ = curvature · v vᵀ, v of ones: one steep direction. */
const steep = (dim: number, curvature: number) => (z: Float64Array, out: Float64Array) => {
  out.fill((curvature * z.reduce((sum, value) => sum + value, 0)) / dim)
  return Promise.resolve()
}
const stream = () => new RandomStream(5, 'curvature')
const flat = (dim: number) => new Float32Array(dim).fill(1)

describe('curvature along the directions of a round', () => {
  it('has the eigenvalues of ZᵀΣZ: one, where Σ has one steep direction', async () => {
    const [dim, perturbations, learningRate] = [400, 8, 0.5]
    const settings = { perturbations, learningRate }
    const found = await examineSubspace(steep(dim, 3), flat(dim), settings, stream())
    // zᵀΣz of one direction has the mean 3, and the steepest of P has P times as much.
    const [top, next] = found.eigenvalues
    const drawn = stream()
    let sum = 0
    for (let p = 0; p < perturbations; p++) {
      let along = 0
      for (let j = 0; j < dim; j++) along += drawn.normal()
      sum += (3 * along ** 2) / dim
    }
    expect(top! / sum).toBeCloseTo(1, 10)
    expect(Math.abs(next!)).toBeLessThan(1e-10 * top!)
    expect(found.topShare).toBeCloseTo(1, 10)
    expect(found.largestRate! / ((2 * perturbations) / top!)).toBeCloseTo(1, 12)
    expect(found.kept).toBeCloseTo(1 / (1 + (learningRate / perturbations) * top!), 12)
  })

  it('is what whitened directions meet: dividing by H divides it', async () => {
    const [dim, settings] = [50, { perturbations: 4, learningRate: 1 }]
    const whole = await examineSubspace(steep(dim, 3), flat(dim), settings, stream())
    const metric = new Float32Array(dim).fill(4)
    const divided = await examineSubspace(steep(dim, 3), metric, settings, stream())
    expect(whole.eigenvalues[0]! / divided.eigenvalues[0]!).toBeCloseTo(4, 10)
  })

  it('draws no more directions than it must, and names no rate where nothing bends', async () => {
    expect(subspaceProducts(1000)).toBe(24)
    const settings = { perturbations: 1000, learningRate: 1 }
    const found = await examineSubspace(steep(30, -1), flat(30), settings, stream())
    expect(found.directions).toBe(24)
    expect(found.largestRate).toBeUndefined()
    expect(found.kept).toBe(1)
  })
})

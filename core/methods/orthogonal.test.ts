import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fillNoise } from '../random/index.ts'
import { orthogonalScalars } from './orthogonal.ts'

const dim = 40

/** Normal directions, and the inner products of each with each. */
function directionsOf(seed: number, count: number) {
  const directions = Array.from({ length: count }, (_, p) => {
    const u = new Float32Array(dim)
    fillNoise(u, 'gaussian', seed, p, 0, 1)
    return Float64Array.from(u)
  })
  const gram = Float64Array.from(directions.flatMap((a) => directions.map((b) => dot(a, b) / dim)))
  return { directions, gram }
}

function dot(a: Float64Array, b: Float64Array): number {
  return a.reduce((sum, value, i) => sum + value * b[i]!, 0)
}

/** Orthogonal to each other, of length √d, by Gram and Schmidt. */
function gramSchmidt(directions: readonly Float64Array[]): Float64Array[] {
  const basis: Float64Array[] = []
  for (const direction of directions) {
    const rest = direction.slice()
    for (const other of basis) {
      const share = dot(rest, other) / dim
      rest.forEach((value, i) => (rest[i] = value - share * other[i]!))
    }
    const scale = Math.sqrt(dim / dot(rest, rest))
    basis.push(rest.map((value) => value * scale))
  }
  return basis
}

test('turned scalars add up to what measuring along the Gram-Schmidt basis gives', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 20 }), (seed, count) => {
      const { directions, gram } = directionsOf(seed, count)
      const gradient = directionsOf(seed + 1, 1).directions[0]!
      const scalars = Float32Array.from(directions, (z) => dot(gradient, z))
      const turned = orthogonalScalars(gram, scalars)
      const basis = gramSchmidt(directions)
      for (let i = 0; i < dim; i++) {
        const ours = directions.reduce((sum, z, p) => sum + turned[p]! * z[i]!, 0)
        const expected = basis.reduce((sum, z) => sum + dot(gradient, z) * z[i]!, 0)
        // Scalars are float32, and 20 of 40 directions are moderately ill-conditioned.
        expect(Math.abs(ours - expected)).toBeLessThan(1e-3 * count)
      }
    }),
    { numRuns: 30 },
  )
})

test('more directions than parameters are refused with a remedy', () => {
  const { gram } = directionsOf(1, dim + 1)
  expect(() => orthogonalScalars(gram, new Float32Array(dim + 1))).toThrow(
    expect.objectContaining({ code: 'CONFIG_INVALID', where: 'method.orthogonal' }),
  )
})

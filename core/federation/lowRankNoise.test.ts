import { describe, expect, test } from 'vitest'
import fc from 'fast-check'
import { createPlainKernels } from '../kernels/index.ts'
import { fillNoise } from '../random/index.ts'
import { lowRankLayout } from '../model/index.ts'
import { LowRankNoise } from './lowRankNoise.ts'

const kernels = createPlainKernels()
const sizeOf = (shape: readonly number[]) => shape.reduce((product, length) => product * length, 1)

function noiseOf(shapes: readonly (readonly number[])[], rank: number, piece = 64): LowRankNoise {
  const tensors = shapes.map((shape, index) => ({ name: `t${index}`, shape }))
  return new LowRankNoise(kernels, lowRankLayout(tensors, rank), kernels.vector(piece), 1)
}

/** The definition of docs/run-format.md, written out in float64 with a rounding per operation. */
function defined(shapes: readonly (readonly number[])[], rank: number, seed: number): number[] {
  const numbers = new Float32Array(shapes.reduce((sum, shape) => sum + sizeOf(shape) * rank, 64))
  fillNoise(numbers, 'gaussian', seed, 3, 0, 1)
  const f = Math.fround
  let at = 0
  return shapes.flatMap((shape) => {
    const rows = shape.length > 1 ? shape[0]! : 1
    const columns = sizeOf(shape) / rows
    const isDense = rank * (rows + columns) >= rows * columns
    const own = numbers.subarray(at, (at += isDense ? rows * columns : rank * (rows + columns)))
    if (isDense) return [...own]
    return Array.from({ length: rows * columns }, (_, e) => {
      const [i, j] = [Math.floor(e / columns), e % columns]
      let sum = 0
      for (let k = 0; k < rank; k++) {
        const u = f(own[i * rank + k]! * f(1 / Math.sqrt(rank)))
        const product = f(u * own[rank * rows + k * columns + j]!)
        sum = k === 0 ? product : f(sum + product)
      }
      return sum
    })
  })
}

const shape = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })

describe('low-rank noise', () => {
  test('is U Vᵀ / √r on matrices and dense elsewhere, whatever stretch is asked for', () => {
    fc.assert(
      fc.property(
        fc.array(shape, { maxLength: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (others, rank, seed, share) => {
          // One that is a matrix at every rank tried.
          const shapes = [...others, [12, 3, 5]]
          const whole = defined(shapes, rank, seed)
          const start = Math.floor(share * (whole.length - 1))
          const out = new Float32Array(Math.ceil((whole.length - start) / 2))
          noiseOf(shapes, rank).fill(out, { seed, perturbation: 3 }, start)
          expect([...out]).toEqual(whole.slice(start, start + out.length))
          const sum = out.map((_, j) => j / 7)
          const expected = sum.map((before, j) => before + Math.fround(Math.fround(0.3) * out[j]!))
          noiseOf(shapes, rank).accumulate(sum, { seed, perturbation: 3 }, start, 0.3)
          expect([...sum]).toEqual([...expected])
        },
      ),
      { numRuns: 60 },
    )
  })

  test('has entries of mean 0 and variance 1 that are uncorrelated', () => {
    const noise = noiseOf([[8, 16]], 2)
    const draws = 4000
    const u = new Float32Array(128)
    const [sums, squares] = [new Float64Array(128), new Float64Array(128)]
    // Two of one row, two of one column, two that share nothing.
    const pairs = [
      [0, 1],
      [0, 16],
      [0, 17],
    ] as const
    const products = pairs.map(() => 0)
    for (let draw = 0; draw < draws; draw++) {
      noise.start()
      noise.fill(u, { seed: draw, perturbation: 0 }, 0)
      for (const [i, value] of u.entries()) {
        sums[i]! += value / draws
        squares[i]! += value ** 2 / draws
      }
      for (const [at, [a, b]] of pairs.entries()) products[at]! += (u[a]! * u[b]!) / draws
    }
    // Five standard errors: a square has variance 2 + 6/r + …, below 8 for rank 2.
    const tolerance = 5 * Math.sqrt(8 / draws)
    expect(Math.max(...sums.map(Math.abs))).toBeLessThan(tolerance)
    for (const square of squares) expect(Math.abs(square - 1)).toBeLessThan(tolerance)
    for (const product of products) expect(Math.abs(product)).toBeLessThan(tolerance)
  })

  test('refuses a model without a matrix, and a rank that saves nothing, with the largest', () => {
    expect(() => noiseOf([[100], [5]], 1)).toThrow(/needs? a matrix, and this model has none/)
    expect(() => noiseOf([[1, 50]], 1)).toThrow(/this model has none/)
    expect(() => noiseOf([[10, 784], [10]], 12)).toThrow(/rank 12 saves nothing/)
    expect(() => noiseOf([[10, 784], [10]], 12)).toThrow(/at most 9, for t0 \(10 × 784\)/)
    expect(() => noiseOf([[10, 784], [10]], 9)).not.toThrow()
  })
})

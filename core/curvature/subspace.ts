/**
 * The curvature that a round meets: S = ZᵀΣZ of its random directions, beside what a diagonal H
 * says. This is the matrix that the implicit step damps by.
 */
import type { RandomStream } from '../random/index.ts'
import { lanczos } from './lanczos.ts'
import type { Operator } from './lossSurface.ts'
import { dot } from './vectors.ts'

export interface SubspaceReport {
  /** Directions that were drawn, at most `mostDirections`. */
  readonly directions: number
  /** Eigenvalues of S, descending, float64[directions]. */
  readonly eigenvalues: Float64Array
  /** The largest one's share of Tr S. */
  readonly topShare: number
  /** η of the next round. */
  readonly learningRate: number
  /**
   * The learning rate up to which an explicit step does not overshoot along the steepest of these
   * directions, 2 P / λ; undefined where none bends upwards.
   */
  readonly largestRate: number | undefined
  /** What the implicit step leaves of the scalar along the steepest one, 1 / (1 + η λ / P). */
  readonly kept: number
}

export interface SubspaceSettings {
  /** P of the next round. */
  readonly perturbations: number
  readonly learningRate: number
}

/** With more the picture hardly changes, and each costs a product with Σ. */
const mostDirections = 24

/** An eigenvalue below this share of the largest in size is rounding. */
const rounding = 1e-9

/** Products with Σ that `examineSubspace` takes. */
export function subspaceProducts(perturbations: number): number {
  return Math.min(mostDirections, perturbations)
}

/** @param metric H, which the directions are divided by the root of, float32[d] */
export async function examineSubspace(
  operator: Operator,
  metric: Float32Array,
  { perturbations, learningRate }: SubspaceSettings,
  stream: RandomStream,
): Promise<SubspaceReport> {
  const dim = metric.length
  const size = subspaceProducts(perturbations)
  const directions = Array.from({ length: size }, () =>
    Float64Array.from(metric, (h) => stream.normal() / Math.sqrt(h)),
  )
  const matrix = new Float64Array(size * size)
  const image = new Float64Array(dim)
  for (const [p, z] of directions.entries()) {
    await operator(z, image)
    for (const [q, other] of directions.entries()) matrix[p * size + q] = dot(other, image)
  }
  const eigenvalues = await eigenvaluesOf(matrix, size, stream)
  const trace = eigenvalues.reduce((sum, value) => sum + value, 0)
  const largest = Math.max(Math.abs(eigenvalues[0]!), Math.abs(eigenvalues.at(-1)!))
  const top = eigenvalues[0]! > rounding * largest ? eigenvalues[0]! : 0
  return {
    directions: size,
    eigenvalues,
    topShare: eigenvalues[0]! / trace,
    learningRate,
    largestRate: top > 0 ? (2 * perturbations) / top : undefined,
    kept: 1 / (1 + (learningRate / perturbations) * top),
  }
}

/** Of a symmetric matrix of noise, none of whose eigenvalues is there twice; descending. */
async function eigenvaluesOf(
  matrix: Float64Array,
  size: number,
  stream: RandomStream,
): Promise<Float64Array> {
  const apply: Operator = (v, out) => {
    for (let p = 0; p < size; p++) {
      let sum = 0
      for (let q = 0; q < size; q++)
        sum += ((matrix[p * size + q]! + matrix[q * size + p]!) / 2) * v[q]!
      out[p] = sum
    }
    return Promise.resolve()
  }
  const start = Float64Array.from({ length: size }, () => stream.normal())
  const { values } = await lanczos(apply, start, size)
  return values.toReversed()
}

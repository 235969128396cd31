/**
 * The curvature S of a loss along the P directions of a local step, and the linear systems that an
 * implicit step solves with it.
 *
 * Invariant: only + − × ÷ and √ in float64, in a fixed order: the same bits in every engine.
 */
import { cholesky, solveCholesky } from './cholesky.ts'
import type { Estimator } from './estimator.ts'

/** S, P × P, symmetric and positive semi-definite. */
export type SubspaceCurvature =
  /** S = (1/B) Σ_n r_n r_nᵀ, the empirical Fisher matrix: r_n of each sample, float32[P]. */
  | { readonly slopes: readonly Float32Array[] }
  /** S itself, float64[P · P]. */
  | { readonly matrix: Float64Array }

/**
 * The slopes r_np of single samples, by the differences that the estimator takes of means.
 * @param losses ℓ_n of every sample, one array per probe in the order of the estimator's
 * @returns one float32[P] per sample
 */
export function sampleSlopes(
  estimator: Estimator,
  losses: readonly ArrayLike<number>[],
  perturbations: number,
  mu: number,
): Float32Array[] {
  const own = new Float64Array(losses.length)
  return Array.from({ length: losses[0]!.length }, (_, n) => {
    for (let probe = 0; probe < own.length; probe++) own[probe] = losses[probe]![n]!
    return estimator.scalars(own, perturbations, mu).subarray(0, perturbations)
  })
}

/** (I + rate · S)⁻¹ g, float32[P]. @param matrix S, float64[P · P] */
export function dampedByMatrix(
  gradient: Float32Array,
  matrix: Float64Array,
  rate: number,
): Float32Array {
  const size = gradient.length
  const system = matrix.map((value, at) => rate * value + (at % (size + 1) === 0 ? 1 : 0))
  return Float32Array.from(solve(system, Float64Array.from(gradient)))
}

/**
 * (I + (rate / B) Rᵀ R)⁻¹ g, float32[P], with R's rows the slopes. Where there are fewer samples
 * than directions it is g − (rate / B) Rᵀ (I + (rate / B) R Rᵀ)⁻¹ R g (Woodbury), a system of B.
 */
export function dampedBySamples(
  gradient: Float32Array,
  slopes: readonly Float32Array[],
  rate: number,
): Float32Array {
  const [size, samples] = [gradient.length, slopes.length]
  const share = rate / samples
  if (samples >= size) {
    const matrix = new Float64Array(size * size)
    for (const r of slopes)
      for (let p = 0; p < size; p++)
        for (let q = 0; q <= p; q++) matrix[p * size + q]! += r[p]! * r[q]!
    return dampedByMatrix(gradient, matrix, share)
  }
  const products = new Float64Array(samples * samples)
  for (let n = 0; n < samples; n++)
    for (let m = 0; m <= n; m++)
      products[n * samples + m] = share * dot(slopes[n]!, slopes[m]!) + (n === m ? 1 : 0)
  const weights = solve(
    products,
    Float64Array.from(slopes, (r) => dot(r, gradient)),
  )
  const damped = Float64Array.from(gradient)
  for (let n = 0; n < samples; n++)
    for (let p = 0; p < size; p++) damped[p]! -= share * weights[n]! * slopes[n]![p]!
  return Float32Array.from(damped)
}

function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

/** The least share of a diagonal entry that a pivot keeps, so that it is never rounding alone. */
const leastPivot = 1e-12

/** A⁻¹ b for A = I + C with C positive semi-definite. @param right b; becomes the result */
function solve(system: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  // Without rounding no pivot is below 1, the least eigenvalue of A.
  const lower = cholesky(system, size, (pivot, row) =>
    Math.max(1, leastPivot * system[row * size + row]!, pivot),
  )
  return solveCholesky(lower, right)
}

/**
 * The effect of a diagonal metric M on the zeroth-order estimate: its whitening rank, its variance,
 * and the best single step.
 */
import type { Estimate } from './diagonal.ts'

/** learned: H of the run; identity: M = I, no curvature; diagonal: the true diagonal itself. */
export type MetricName = 'learned' | 'identity' | 'diagonal'

export interface MetricReport {
  readonly metric: MetricName
  /**
   * ζ = Tr(M^(-1/2) Σ M^(-1/2)). It falls as M grows; use `effectiveRank` to compare, which no
   * factor on M changes.
   */
  readonly whiteningRank: Estimate
  /** ‖M^(-1/2) Σ M^(-1/2)‖, by Lanczos. */
  readonly norm: number
  /** ζ / norm: over how many directions the whitened curvature is spread. */
  readonly effectiveRank: number
  /** Tr Cov(Δ) / ‖E Δ‖² */
  readonly relativeVariance: number
  /**
   * The decrease of the loss in one step of the best length, to second order; undefined unless the
   * curvature along the step is above 0.
   */
  readonly bestDecrease: number | undefined
  /**
   * ρ(M) / ρ(1), ρ(M) = (Σ g_j² / M_j) / (Σ Σ_jj / M_j): with few directions the best decrease is
   * proportional to ρ, so this is what a method gains by this diagonal, above 1, or loses.
   * Undefined where a trace is not above 0.
   */
  readonly gain: number | undefined
}

/**
 * First and second moments of Δ = (1/P) Σ_p (∇f·z_p) z_p with z = M^(-1/2) u, u ~ N(0, I): all
 * exact.
 */
export interface EstimateMoments {
  /** ∇fᵀ M⁻¹ ∇f = E[Δ·∇f], the slope along the mean step. */
  readonly slope: number
  /** ‖M⁻¹ ∇f‖² = ‖E Δ‖² */
  readonly meanSquare: number
  /** Tr M⁻¹ */
  readonly inverseTrace: number
}

export function estimateMoments(
  gradient: Float64Array,
  metric: ArrayLike<number>,
): EstimateMoments {
  let [slope, meanSquare, inverseTrace] = [0, 0, 0]
  for (let j = 0; j < gradient.length; j++) {
    const warped = gradient[j]! / metric[j]!
    slope += gradient[j]! * warped
    meanSquare += warped * warped
    inverseTrace += 1 / metric[j]!
  }
  return { slope, meanSquare, inverseTrace }
}

/** Tr Cov(Δ) = (∇fᵀM⁻¹∇f · Tr M⁻¹ + ‖M⁻¹∇f‖²) / P */
export function estimateVariance(moments: EstimateMoments, perturbations: number): number {
  const { slope, meanSquare, inverseTrace } = moments
  return (slope * inverseTrace + meanSquare) / perturbations
}

/**
 * The expected cosine between Δ and ∇f with P directions: E[Δ·∇f] / (‖∇f‖ √E‖Δ‖²).
 * @param gradientNorm ‖∇f‖
 */
export function expectedCosine(
  moments: EstimateMoments,
  gradientNorm: number,
  perturbations: number,
): number {
  const square = moments.meanSquare + estimateVariance(moments, perturbations)
  return moments.slope / (gradientNorm * Math.sqrt(square))
}

/**
 * max_η {η E[Δ·∇f] − ½ η² E[ΔᵀΣΔ]}, E[ΔᵀΣΔ] = (1 + 1/P) mᵀΣm + ∇fᵀM⁻¹∇f · ζ / P with m = M⁻¹∇f. No
 * factor on M changes it.
 *
 * @param curvatureAlongMean mᵀΣm
 */
export function bestDecrease(
  { slope }: EstimateMoments,
  curvatureAlongMean: number,
  whiteningRank: number,
  perturbations: number,
): number | undefined {
  const curvature =
    (1 + 1 / perturbations) * curvatureAlongMean + (slope * whiteningRank) / perturbations
  return curvature > 0 ? (slope * slope) / (2 * curvature) : undefined
}

/** ρ(M) = ∇fᵀM⁻¹∇f / Tr(M⁻¹Σ); undefined unless the trace is above 0. */
export function reachOf({ slope }: EstimateMoments, whiteningRank: number): number | undefined {
  return whiteningRank > 0 ? slope / whiteningRank : undefined
}

/** The metric stays at this share of its mean size where the true diagonal is nearly 0 or below. */
const floorShare = 0.01

/** The metric from a true diagonal: |Σ_jj|, kept away from 0. */
export function diagonalMetric(diagonal: Float64Array): Float32Array {
  const meanSize = diagonal.reduce((sum, value) => sum + Math.abs(value), 0) / diagonal.length
  const floor = Math.max(floorShare * meanSize, 1e-30)
  return Float32Array.from(diagonal, (value) => Math.max(Math.abs(value), floor))
}

/**
 * Pieces: a diagonal Hessian from second differences c_p = zᵀΣz (paper, Eq. 11), learned relative
 * to what it is. With z = H^(-1/2) u, the whitened Hessian H^(-1/2) Σ H^(-1/2) has the diagonal
 * λ̃_i = Cov(c, u_i²) / 2 for normal u, and H is the diagonal of Σ where λ̃ = 1. On the sphere of
 * radius √d, where Σ u_i² = d, the covariances add up to 0, and the trace E[c] makes up for it:
 * λ̃_i = (1 + 2/d) Cov(c, u_i²) / 2 + E[c] / d. So H is multiplied by what λ̃ says, by 2 or ½ a
 * round at the most: as many rounds lead to a curvature of 10⁶ as from it, the noise of one
 * coordinate's estimate shrinks as H comes to fit the others, and H stays above 0 however noisy the
 * estimates are.
 *
 * Differs: the paper's estimate is an average of products c·u²; the covariance leaves out the mean
 * of c, most of its variance, which tells nothing about one coordinate. And its H is an average, in
 * which an early estimate of 10⁶ weighs for a hundred rounds.
 */
import type { HessianSettings } from '../config/index.ts'
import type { Curvature, Observation } from './curvature.ts'
import { groupAt, groupStarts } from './groups.ts'

interface RelativeMemory {
  /** λ̃ = factor · Cov(c, u²) / 2 + traceShare · E[c], by how u is distributed. */
  readonly factor: number
  readonly traceShare: number
  /** See `groupStarts`. */
  readonly starts: Uint32Array
  /** The round's estimates λ̃, summed over each group and over local steps. */
  readonly sums: Float64Array
  /** Local steps in the sums. */
  steps: number
}

/**
 * H ← H · s(ν (λ̃ − 1)), with λ̃ the mean over the coordinates of a group; no value below
 * floor · mean of H, plus ε.
 */
export function relative(
  { nu, epsilon, update, shape, floor }: HessianSettings,
  distribution: 'gaussian' | 'sphere',
): Curvature<RelativeMemory> {
  return {
    seesBends: true,
    formula: String.raw`H \leftarrow H \cdot s\!\left(\nu (\tilde\lambda - 1)\right), \quad \tilde\lambda = \tfrac12 \operatorname{Cov}(c, u^2)`,
    open({ dim, tensors }) {
      const starts = groupStarts(shape, dim, tensors)
      const isSphere = distribution === 'sphere'
      return {
        factor: isSphere ? 1 + 2 / dim : 1,
        traceShare: isSphere ? 1 / dim : 0,
        starts,
        sums: new Float64Array(starts.length - 1),
        steps: 0,
      }
    },
    update(memory, observation) {
      const { start, stepsLeft } = observation
      if (update === 'last' && stepsLeft > 0) return
      if (start === 0) memory.steps++
      const { starts, sums } = memory
      const values = whitenedDiagonal(memory, observation)
      let group = groupAt(starts, start)
      for (let i = 0; i < values.length; i++) {
        if (start + i === starts[group + 1]) group++
        sums[group]! += values[i]!
      }
    },
    closeRound(memory, { hessian }) {
      const { starts, sums, steps } = memory
      let total = 0
      for (let group = 0; group < sums.length; group++) {
        const [from, to] = [starts[group]!, starts[group + 1]!]
        const change = limited(nu * (sums[group]! / (steps * (to - from)) - 1))
        // The values of a group are equal.
        const value = hessian[from]! * change
        total += value * (to - from)
        hessian.fill(value, from, to)
      }
      sums.fill(0)
      memory.steps = 0
      const least = (floor * total) / hessian.length
      for (let i = 0; i < hessian.length; i++)
        hessian[i] = Math.max(hessian[i]!, least) + nu * epsilon
    },
  }
}

/** s(a): 1 + a upwards, 1 / (1 − a) downwards, between ½ and 2. */
function limited(change: number): number {
  return change >= 0 ? 1 + Math.min(change, 1) : 1 / (1 + Math.min(-change, 1))
}

/** λ̃ on one stretch, its covariance (1 / (P − 1)) Σ_p (c_p − c̄) u_{p,i}² unbiased; float64[n]. */
function whitenedDiagonal(
  { factor, traceShare }: Pick<RelativeMemory, 'factor' | 'traceShare'>,
  { hessian, secondDifferences, ...observation }: Observation,
): Float64Array {
  const count = secondDifferences.length
  let mean = 0
  for (const value of secondDifferences) mean += value / count
  const values = new Float64Array(hessian.length)
  for (let p = 0; p < count; p++) {
    const weight = (factor * (secondDifferences[p]! - mean)) / (2 * (count - 1))
    const z = observation.direction(p)
    for (let i = 0; i < values.length; i++) values[i]! += weight * z[i]! * z[i]!
  }
  return values.map((value, i) => hessian[i]! * value + traceShare * mean)
}

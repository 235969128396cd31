/**
 * Pieces: a diagonal Hessian that averages where the noise is. One local step's estimate of a
 * single coordinate is nearly all noise: with g̃ = H^(-1/2) g and standard normal directions,
 * E[Δ_i²] = (g̃_i² (1 + 1/P) + ‖g̃‖² / P) / H_i, where the second term comes from all other
 * coordinates. What helps costs no communication: longer memories with bias correction, one value
 * for a whole row or tensor, and taking the second term away, since E[ḡ_p²] = ‖g̃‖² is known to
 * everybody; on the sphere of radius √d it is d / (d + 2) of that.
 */
import type { HessianSettings, ScalarSettings } from '../config/index.ts'
import type { Curvature, Observation } from './curvature.ts'
import { groupAt, groupStarts } from './groups.ts'

interface PooledMemory {
  /** The second term's share of ‖g̃‖² / P, by how u is distributed. */
  readonly isotropicShare: number
  /** See `groupStarts`. */
  readonly starts: Uint32Array
  /** The exponential average of the estimates, one per group. */
  readonly moments: Float64Array
  /** The round's weighted estimates, summed over each group. */
  readonly sums: Float64Array
  /** The factor by which the round keeps the previous average. */
  kept: number
  /** The share of the average that is still its initial value. */
  initialShare: number
}

/**
 * m ← (1 − ν) m + ν · mean of the estimates over each group; H = max(m̂, floor · mean of m̂)
 * + ε, with m̂ = m / (1 − (1 − ν)^t) under bias correction (then m_0 = 0 and H_0 = 1), and m̂ = m
 * without (m_0 = 1).
 *
 * @see arXiv 1412.6980, section 3 (bias correction); arXiv 2406.16793 (one second moment for a
 *   block of parameters)
 */
export function pooled(
  settings: HessianSettings,
  distribution: ScalarSettings['distribution'],
): Curvature<PooledMemory> {
  const { nu, epsilon, update, shape, biasCorrection, floor } = settings
  const estimate = square(settings)
  return {
    formula: String.raw`H \leftarrow (1 - \nu) H + \nu\, \overline{\Delta^2}`,
    open({ dim, tensors }) {
      const starts = groupStarts(shape, dim, tensors)
      const groups = starts.length - 1
      return {
        isotropicShare: distribution === 'sphere' ? dim / (dim + 2) : 1,
        starts,
        moments: new Float64Array(groups).fill(biasCorrection ? 0 : 1),
        sums: new Float64Array(groups),
        kept: 1,
        initialShare: 1,
      }
    },
    update(memory, observation) {
      const { start, delta, stepsLeft } = observation
      if (update === 'last' && stepsLeft > 0) return
      if (start === 0) memory.kept *= 1 - nu
      let weight = nu
      if (update === 'all') for (let left = stepsLeft; left > 0; left--) weight *= 1 - nu
      const values = estimate(observation, memory.isotropicShare)
      const { starts, sums } = memory
      let group = groupAt(starts, start)
      for (let i = 0; i < delta.length; i++) {
        if (start + i === starts[group + 1]) group++
        sums[group]! += weight * values[i]!
      }
    },
    closeRound(memory, { hessian }) {
      const { starts, moments, sums } = memory
      memory.initialShare *= memory.kept
      const scale = biasCorrection ? 1 / (1 - memory.initialShare) : 1
      let positive = 0
      for (let group = 0; group < moments.length; group++) {
        const size = starts[group + 1]! - starts[group]!
        moments[group] = memory.kept * moments[group]! + sums[group]! / size
        positive += size * Math.max(0, moments[group]!)
      }
      sums.fill(0)
      memory.kept = 1
      // With ν = 0, or while every estimate is below zero, there is nothing to learn from.
      if (positive === 0) return
      const least = (floor * positive) / hessian.length
      for (let group = 0; group < moments.length; group++)
        hessian.fill(
          scale * Math.max(moments[group]!, least) + epsilon,
          starts[group],
          starts[group + 1],
        )
    },
  }
}

/**
 * Δ². With `debias`, minus the part of its expectation that all coordinates share except for the
 * factor 1 / H_i.
 */
function square({ debias }: HessianSettings) {
  return ({ delta, hessian, scalars }: Observation, share: number): Float64Array => {
    let squares = 0
    for (const scalar of scalars) squares += scalar * scalar
    const isotropic = debias ? (share * squares) / scalars.length ** 2 : 0
    return Float64Array.from(delta, (value, i) => value * value - isotropic / hessian[i]!)
  }
}

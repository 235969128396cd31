/** Pieces: how the diagonal Hessian learns from the scalars that move the parameters. */
import type { HessianSettings } from '../config/index.ts'
import type { Kernels } from '../kernels/index.ts'
import type { TensorShape } from './groups.ts'

/** What a curvature may know about the vectors that it works on. */
interface ParameterSpace {
  /** d */
  readonly dim: number
  /** The trainable tensors, one after the other in x; none for an objective without tensors. */
  readonly tensors: readonly TensorShape[]
}

/**
 * What one local step reveals about the curvature, on one stretch of the vectors, of n elements.
 */
export interface Observation {
  readonly kernels: Kernels
  /** Index of the stretch's first coordinate. */
  readonly start: number
  /** H_r, which whitened the round's directions, float32[n]. */
  readonly hessian: Float32Array
  /** Becomes H_{r+1}, float32[n], in place. */
  readonly next: Float32Array
  /** Δ_k = (1/P) Σ_p ḡ_{k,p} z_{k,p}, float32[n] */
  readonly delta: Float32Array
  /** ḡ_{k,p}, float32[P] */
  readonly scalars: Float32Array
  /** Second differences along z_{k,p}, float32[P]; empty if the estimator has none. */
  readonly secondDifferences: Float32Array
  /** Local steps of the round after this one. */
  readonly stepsLeft: number
  /** z_{k,p}, float32[n]; valid until the next call. */
  direction(perturbation: number): Float32Array
}

/** @typeParam Memory what it keeps from round to round besides H; like H, a function of the log */
export interface Curvature<Memory = unknown> {
  /** How H learns, in TeX; absent if H stays as it is. */
  readonly formula?: string
  open(space: ParameterSpace): Memory
  /**
   * Learns from one local step. Called stretch by stretch in ascending order, and on each for k =
   * 1..τ.
   */
  update(memory: Memory, observation: Observation): void
  /** After the last stretch of a round. @param hessian H_{r+1}, float32[d], in place */
  closeRound?(memory: Memory, hessian: Float32Array): void
}

/** H stays 1. */
export const flat: Curvature = { open: () => undefined, update: () => {} }

/** H ← (1 − ν) H + ν (Δ² + ε) (paper, Eq. 10), from the last local step or from each in turn. */
export function squaredAggregate({
  nu,
  epsilon,
  update,
}: Pick<HessianSettings, 'nu' | 'epsilon' | 'update'>): Curvature {
  return {
    formula: String.raw`H \leftarrow (1 - \nu) H + \nu \left(\Delta^2 + \varepsilon\right)`,
    open: () => undefined,
    update(_, { kernels, next, delta, stepsLeft }) {
      if (stepsLeft === 0 || update === 'all') kernels.learnCurvature(next, delta, nu, epsilon)
    },
  }
}

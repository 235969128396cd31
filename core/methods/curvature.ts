/** Pieces: how the diagonal Hessian learns from the scalars that move the parameters. */
import type { HessianSettings } from '../config/index.ts'
import type { Kernels } from '../kernels/index.ts'
import type { TensorShape } from './groups.ts'

/** What a curvature may know about the vectors that it works on. */
export interface ParameterSpace {
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
  /** Δ_k = (1/P) Σ_p ḡ_{k,p} z_{k,p}, float32[n]; x has moved, so it may be overwritten. */
  readonly delta: Float32Array
  /** ḡ_{k,p}, float32[P] */
  readonly scalars: Float32Array
  /** Second differences along z_{k,p}, float32[P]; empty if the estimator has none. */
  readonly secondDifferences: Float32Array
  /** Local steps of the round after this one. */
  readonly stepsLeft: number
  /** z_{k,p}, float32[n]; valid until the next call. */
  direction(perturbation: number): Float32Array
  /** u_{k,p} / √h for another h than H_r, float32[n]; valid until the next call. */
  redraw(perturbation: number, h: Float32Array): Float32Array
}

/** The whole state at the end of a round, or before the first. */
interface WholeState {
  /** x, float32[d] */
  readonly params: Float32Array
  /** H, float32[d], in place */
  readonly hessian: Float32Array
}

/**
 * @typeParam Memory what it keeps from round to round besides H; like H, a function of the log. A
 *   plain object of numbers and arrays of them, so that a state can be copied.
 */
export interface Curvature<Memory extends object | undefined = object | undefined> {
  /** How H learns, in TeX; absent if H stays as it is. */
  readonly formula?: string
  /** Whether it learns from second differences: a number more for each direction on the wire. */
  readonly seesBends?: true
  /** Whether H stays 1, and so need not be stored. */
  readonly isFlat?: true
  /** What H is: a learned scale, unless it says which parameters are trained (1) or not (∞). */
  readonly hessian?: 'mask'
  open(space: ParameterSpace): Memory
  /** Before the first round. */
  begin?(memory: Memory, state: WholeState): void
  /**
   * Learns from one local step. Called stretch by stretch in ascending order, and on each for k =
   * 1..τ.
   */
  update(memory: Memory, observation: Observation): void
  /** After the last stretch of a round, with x_{r+1} and H_{r+1}. */
  closeRound?(memory: Memory, state: WholeState & { readonly round: number }): void
}

/** H stays 1. */
export const flat: Curvature = { isFlat: true, open: () => undefined, update: () => {} }

type LearningSettings = Pick<HessianSettings, 'nu' | 'epsilon' | 'update'>

/**
 * H ← (1 − ν) H + ν (Δ² + ε) (paper, Eq. 10), from the last local step or from each in turn. With
 * `redraw`, Δ of a later step is that along directions of the H that the step before has left, as
 * in the authors' code; x still moves along those of H_r.
 */
export function squaredAggregate({
  nu,
  epsilon,
  update,
  redraw,
}: LearningSettings & Pick<HessianSettings, 'redraw'>): Curvature {
  return {
    formula: String.raw`H \leftarrow (1 - \nu) H + \nu \left(\Delta^2 + \varepsilon\right)`,
    open: () => undefined,
    update(_, observation) {
      const { kernels, next, delta, scalars, stepsLeft } = observation
      if (stepsLeft > 0 && update === 'last') return
      if (redraw) {
        delta.fill(0)
        for (let p = 0; p < scalars.length; p++)
          kernels.accumulate(delta, observation.redraw(p, next), scalars[p]! / scalars.length)
      }
      kernels.learnCurvature(next, delta, nu, epsilon)
    },
  }
}

/**
 * H ← (1 − ν) H + ν ((ḡ_p z_p / P)² + ε) for p = 1..P in turn, with z_p = u_p / √H of the H that
 * perturbation p − 1 has left; from the last local step or from each in turn.
 */
export function afterEachPerturbation({ nu, epsilon, update }: LearningSettings): Curvature {
  return {
    formula: String.raw`H \leftarrow (1 - \nu) H + \nu \left(\left(\tfrac{1}{P} \bar g_p\, H^{-1/2} u_p\right)^2 + \varepsilon\right), \quad p = 1 \ldots P`,
    open: () => undefined,
    update(_, observation) {
      const { kernels, next, delta, scalars, stepsLeft } = observation
      if (stepsLeft > 0 && update === 'last') return
      for (let p = 0; p < scalars.length; p++) {
        const z = observation.redraw(p, next)
        delta.fill(0)
        kernels.accumulate(delta, z, scalars[p]! / scalars.length)
        kernels.learnCurvature(next, delta, nu, epsilon)
      }
    },
  }
}

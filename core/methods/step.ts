/**
 * Pieces: what a client makes of its gradient scalars before it sends them, and walks along itself.
 */
import type { SubspaceCurvature } from './subspaceCurvature.ts'
import { dampedBySamples, dampedByMatrix } from './subspaceCurvature.ts'

export interface Step {
  /** Whether it needs the curvature along the directions of its local step. */
  readonly needsCurvature: boolean
  /** What it computes, in TeX; left out where it sends what was measured. */
  readonly formula?: string
  /**
   * @param gradient g_{i,k,p}, float32[P]
   * @param curvature S_{i,k}; undefined where it is not needed
   * @param rate η_r / P, what a direction is multiplied by beside its scalar
   * @returns what is sent, float32[P]
   */
  scalars(
    gradient: Float32Array,
    curvature: SubspaceCurvature | undefined,
    rate: number,
  ): Float32Array
}

/** g̃ = g */
export const explicitStep: Step = {
  needsCurvature: false,
  scalars: (gradient) => gradient,
}

/**
 * g̃ = (I + (η_r/P) S)⁻¹ g, ours: with Z the directions and x' = x − (η_r/P) Z g̃, the step that a
 * proximal (implicit) method takes in the span of Z, x' = argmin f(x') + ‖x' − x‖² / 2η, where f is
 * replaced by its quadratic model with curvature S. It never overshoots along a direction of which
 * S knows the curvature, whatever the rate. S = 0, or η = 0, gives the explicit step to the bit.
 *
 * Differs from a proximal step: ZᵀZ/d is taken for I.
 */
export const implicitStep: Step = {
  needsCurvature: true,
  formula: String.raw`\tilde g = \left(I + \frac{\eta}{P} S\right)^{-1} g, \quad S = \frac{1}{B} \sum_n r_n r_n^\top`,
  scalars(gradient, curvature, rate) {
    if (curvature === undefined) throw new Error('the implicit step needs a curvature')
    return 'slopes' in curvature
      ? dampedBySamples(gradient, curvature.slopes, rate)
      : dampedByMatrix(gradient, curvature.matrix, rate)
  },
}

export const steps = { explicit: explicitStep, implicit: implicitStep } as const

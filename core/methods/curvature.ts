/** Pieces: how the diagonal Hessian learns from the same scalars that move the parameters. */
import type { HessianSettings } from '../config/index.ts'
import type { Kernels } from '../kernels/index.ts'

export interface Curvature {
  /**
   * Takes in one local step's aggregated update; works in place on any stretch of the vectors.
   * @param hessian the stretch of H, float32[n]
   * @param delta the same stretch of Δ_k = (1/P) Σ_p ḡ_{k,p} z_{k,p}, float32[n]
   * @param isLast whether k is the round's last local step
   */
  update(kernels: Kernels, hessian: Float32Array, delta: Float32Array, isLast: boolean): void
}

/** H stays 1. */
export const flat: Curvature = { update: () => {} }

/** H ← (1 − ν) H + ν (Δ² + ε) (paper, Eq. 10), from the last local step or from each in turn. */
export function squaredAggregate({ nu, epsilon, update }: HessianSettings): Curvature {
  return {
    update(kernels, hessian, delta, isLast) {
      if (isLast || update === 'all') kernels.learnCurvature(hessian, delta, nu, epsilon)
    },
  }
}

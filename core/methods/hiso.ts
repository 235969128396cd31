/**
 * HiSo: directions whitened by a diagonal Hessian. It learns the Hessian from the aggregated update
 * itself, at no cost in communication.
 *
 * @see arXiv 2506.02370 v2, Algorithm 2
 *
 * Differs: the estimate squares the mean over perturbations, once per counted local step (the
 * authors' batch form; their paramwise form updates H after every perturbation).
 */
import type { HessianSettings, HisoSettings } from '../config/index.ts'
import { squaredAggregate } from './curvature.ts'
import { whitened } from './direction.ts'
import { secondDifference } from './estimator.ts'
import { pooled } from './pooledCurvature.ts'
import { relative } from './relativeCurvature.ts'
import type { ScalarPieces } from './scalarMethod.ts'

export const hiso = ({ hessian, distribution }: HisoSettings): ScalarPieces => ({
  warmUp: hessian.warmUp,
  ...(hessian.freezeAfterWarmUp && { learningRounds: hessian.warmUp }),
  direction: whitened,
  ...(comparesDirections(hessian, distribution) && { leastPerturbations: 2 }),
  ...(hessian.estimate === 'second-difference' && distribution !== 'rademacher'
    ? { curvature: relative(hessian, distribution), learningEstimator: secondDifference }
    : {
        curvature: isPlain(hessian) ? squaredAggregate(hessian) : pooled(hessian, distribution),
      }),
})

/** The paper's own form, which needs no memory besides H. */
function isPlain({ shape, biasCorrection, debias }: HessianSettings): boolean {
  return shape === 'coordinate' && !biasCorrection && !debias
}

/**
 * Second differences do, and of random signs only products of different directions tell anything.
 */
function comparesDirections(
  { estimate, debias }: HessianSettings,
  distribution: HisoSettings['distribution'],
): boolean {
  return estimate === 'second-difference' || (debias && distribution === 'rademacher')
}

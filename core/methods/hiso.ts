/**
 * HiSo: directions whitened by a diagonal Hessian that is learned from the aggregated update itself, so that it costs no
 * communication.
 *
 * @see arXiv 2506.02370 v2, Algorithm 2
 *
 * Differs: the estimate squares the mean over perturbations, once per local step that counts (the authors' batch form; their
 * paramwise form updates H after every perturbation).
 */
import type { HessianSettings, HisoSettings } from '../config/index.ts'
import { squaredAggregate } from './curvature.ts'
import { whitened } from './direction.ts'
import { secondDifference } from './estimator.ts'
import { pooled } from './pooledCurvature.ts'
import type { Pieces } from './scalarMethod.ts'

export const hiso = ({ hessian }: HisoSettings): Pieces => ({
  direction: whitened,
  curvature: isPlain(hessian) ? squaredAggregate(hessian) : pooled(hessian),
  ...(hessian.estimate === 'second-difference' ? { estimator: secondDifference } : {}),
})

/** The paper's own: it needs no memory besides H. */
function isPlain({ estimate, shape, biasCorrection, debias }: HessianSettings): boolean {
  return estimate === 'squared-aggregate' && shape === 'coordinate' && !biasCorrection && !debias
}

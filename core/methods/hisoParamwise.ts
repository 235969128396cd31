/**
 * HiSo as the authors' code plays it parameter by parameter (`paramwise`): H learns after every
 * perturbation, so each next direction is drawn again with an H that has already changed, and an
 * old value keeps (1 − ν)^P of its weight in a round.
 *
 * @see arXiv 2506.02370 v2, and the authors' AdamForwardGradientEstimatorParamwise
 *
 * Differs: weight decay, momentum and schedules of the learning rate act as everywhere here; the
 * authors' paramwise form ignores them.
 */
import type { HisoParamwiseSettings } from '../config/index.ts'
import { afterEachPerturbation } from './curvature.ts'
import { whitened } from './direction.ts'
import type { ScalarPieces } from './scalarMethod.ts'

export const hisoParamwise = ({ hessian }: HisoParamwiseSettings): ScalarPieces => ({
  warmUp: hessian.warmUp,
  direction: whitened,
  curvature: afterEachPerturbation(hessian),
})

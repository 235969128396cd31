/**
 * FeedSign, one bit per direction: a participant sends the sign of its scalar, the majority decides
 * the direction of the step, and the learning rate alone is its length. A tie steps along z: z is
 * symmetric, so this prefers neither side.
 *
 * @see arXiv 2501.17610, Algorithm 1
 *
 * Differs: P directions a step; the paper has one.
 */
import type { ScalarSettings } from '../config/index.ts'
import { flat } from './curvature.ts'
import { isotropic } from './direction.ts'
import { estimators, signOf } from './estimator.ts'
import type { ScalarPieces } from './scalarMethod.ts'

export const feedsign = ({ estimator }: Pick<ScalarSettings, 'estimator'>): ScalarPieces => ({
  direction: isotropic,
  curvature: flat,
  estimator: signOf(estimators[estimator]),
})

/**
 * FeedSign, or one bit per direction: a participant sends the sign of its scalar, the majority
 * decides which way everybody steps, and the step's length is the learning rate alone. A tie is a
 * step along z: as z is symmetric, no way is preferred.
 *
 * @see arXiv 2501.17610, Algorithm 1
 *
 * Differs: P directions a step, where the paper has one.
 */
import type { ScalarSettings } from '../config/index.ts'
import { flat } from './curvature.ts'
import { isotropic } from './direction.ts'
import { estimators, signOf } from './estimator.ts'
import type { Pieces } from './scalarMethod.ts'

export const feedsign = ({ estimator }: Pick<ScalarSettings, 'estimator'>): Pieces => ({
  direction: isotropic,
  curvature: flat,
  estimator: signOf(estimators[estimator]),
})

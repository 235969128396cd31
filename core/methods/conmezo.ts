/**
 * ConMeZO: MeZO whose directions lie in a cone around the momentum, where the gradient probably
 * lies as well. The parameters move along what the directions measured, not along the momentum.
 *
 * @see arXiv 2511.02757, Algorithm 1
 *
 * Differs: P directions a step and any number of clients; the momentum is of rounds, v ← β v + Σ_k
 * Δ_k, which has the direction of the paper's β m + (1 − β) g. β does not warm up.
 */
import type { ConmezoSettings } from '../config/index.ts'
import { coneOf } from './cone.ts'
import { decomfl } from './decomfl.ts'
import type { ScalarPieces } from './scalarMethod.ts'

export const conmezo = ({ coneAngle }: ConmezoSettings): ScalarPieces => ({
  ...decomfl(),
  cone: coneOf(coneAngle),
})

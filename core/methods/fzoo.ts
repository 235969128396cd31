/**
 * FZOO: a step is as long as the rate says, whatever the size of the gradient: its scalars are
 * divided by the standard deviation of the losses along its directions. It resembles normalised SGD
 * without knowing a gradient.
 *
 * @see arXiv 2506.09034, Algorithm 1
 *
 * Differs: clients send g as measured, and everybody divides the aggregated scalars by their own
 * deviation times μ, which for one client is that of its losses. A client's own local step divides
 * by the deviation of its own.
 */
import type { ScalarSettings } from '../config/index.ts'
import { decomfl } from './decomfl.ts'
import { byDeviation } from './scaling.ts'
import type { ScalarPieces } from './scalarMethod.ts'

export const fzoo = ({ mu }: Pick<ScalarSettings, 'mu'>): ScalarPieces => ({
  ...decomfl(),
  scaling: byDeviation(mu),
  // One loss has no deviation.
  leastPerturbations: 2,
})

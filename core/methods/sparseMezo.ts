/**
 * Sparse MeZO: only the smallest weights of each tensor are perturbed and trained, those that the
 * noise of an estimate hurts least.
 *
 * @see arXiv 2402.15751, Algorithm 1
 *
 * Differs: any number of clients; the mask is worked out once a round, from the parameters that
 * everybody has, and not in every forward pass.
 */
import type { SparseMezoSettings } from '../config/index.ts'
import { whitened } from './direction.ts'
import { smallest } from './mask.ts'
import type { ScalarPieces } from './scalarMethod.ts'

export const sparseMezo = ({ trainedShare }: SparseMezoSettings): ScalarPieces => ({
  direction: whitened,
  curvature: smallest(trainedShare),
})

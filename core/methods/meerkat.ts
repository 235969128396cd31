/**
 * MEERKAT: all clients train the same few parameters, chosen once, so that clients whose data
 * differ drift apart less.
 *
 * @see arXiv 2506.03337, Algorithm 2
 *
 * Differs: the paper chooses by squared gradients of the pre-training data. Here nobody has those:
 * in the warm-up the parameters stay where they are, and the coordinates with the largest mean of
 * the aggregated updates are chosen, a function of the log. The virtual path (Meerkat-vp), which
 * stops clients that differ too much, is left out.
 */
import type { MeerkatSettings } from '../config/index.ts'
import { whitened } from './direction.ts'
import { leading } from './mask.ts'
import type { ScalarPieces } from './scalarMethod.ts'

export const meerkat = ({ trainedShare, maskRounds }: MeerkatSettings): ScalarPieces => ({
  warmUp: maskRounds,
  direction: whitened,
  curvature: leading(trainedShare, maskRounds),
})

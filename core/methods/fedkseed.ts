/**
 * FedKSeed: all directions come from a finite pool of K seeds, so that the model is x_0 plus a
 * combination of K·τ·P directions, however long the run. The pool is the exchange's business; the
 * pieces are those of DeComFL.
 *
 * @see arXiv 2312.06353, Algorithm 1
 *
 * Differs: the participants of a round share its seed, drawn by the server, and all its directions,
 * where the paper lets each draw its own; and a client catches up from the log, like all others
 * here, not from the K sums (which would give other bits).
 */
export { decomfl as fedkseed } from './decomfl.ts'

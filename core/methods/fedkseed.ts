/**
 * FedKSeed: all directions come from a finite pool of K seeds, so the model is x_0 plus a
 * combination of K·τ·P directions, however long the run. The exchange draws from the pool; the
 * pieces are those of DeComFL.
 *
 * @see arXiv 2312.06353, Algorithm 1
 *
 * Differs: the participants of a round share one seed, drawn by the server, and all its directions;
 * in the paper each draws its own. A client catches up from the log, as everywhere here, and not
 * from the K sums (which would give other bits).
 */
export { decomfl as fedkseed } from './decomfl.ts'

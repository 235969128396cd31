/**
 * HiSo with the implicit step: the curvature along its whitened directions comes with the scalars.
 * The diagonal H learns as HiSo's does, from what was sent.
 *
 * Ours; see `implicitStep`.
 */
export { hiso as hisoImplicit } from './hiso.ts'

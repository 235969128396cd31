/**
 * DeComFL with the implicit step: clients damp their scalars along the directions in which the
 * losses of their single samples bend. The same messages, forward passes and pieces; `step` says
 * what a client sends.
 *
 * Ours; see `implicitStep`.
 */
export { decomfl as decomflImplicit } from './decomfl.ts'

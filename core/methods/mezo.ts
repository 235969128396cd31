/**
 * MeZO: memory-efficient zeroth-order SGD on one machine, which is DeComFL with one client (the
 * config schema enforces this).
 *
 * @see arXiv 2305.17333, Algorithm 1
 */
export { decomfl as mezo } from './decomfl.ts'

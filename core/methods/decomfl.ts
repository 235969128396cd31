/**
 * DeComFL: dimension-free federated zeroth-order SGD; isotropic directions, no curvature. HiSo with
 * ν = 0 equals it bit for bit.
 *
 * @see arXiv 2405.15861, Algorithm 1
 */
import { flat } from './curvature.ts'
import { isotropic } from './direction.ts'
import type { ScalarPieces } from './scalarMethod.ts'

export const decomfl = (): ScalarPieces => ({ direction: isotropic, curvature: flat })

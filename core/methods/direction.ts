/** Pieces: how a random direction z comes from noise u and the diagonal Hessian. */

export interface Direction {
  /**
   * The vector h whose square root divides the noise, z = u / √h.
   * @param hessian H_r, float32[d]
   * @returns float32[d], or undefined for z = u
   */
  metric(hessian: Float32Array): Float32Array | undefined
  /** What it computes, in TeX. */
  readonly formula: string
}

/** z = u */
export const isotropic: Direction = { metric: () => undefined, formula: 'z = u' }

/**
 * z = H^(-1/2) u (paper, Eq. 9): steps are long where the loss is flat and short where it is steep.
 */
export const whitened: Direction = {
  metric: (hessian) => hessian,
  formula: String.raw`z = H^{-1/2} u`,
}

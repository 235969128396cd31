/**
 * What the Hessian lab examines: one fixed function of the parameters, with its gradient. The
 * engine supplies it.
 */

export interface LossSurface {
  /** d */
  readonly dim: number
  /** f(params), params float32[d] */
  loss(params: Float32Array): Promise<number>
  /**
   * @param out float64[d], receives ∇f(params)
   * @returns f(params)
   */
  gradient(params: Float32Array, out: Float64Array): Promise<number>
  /** The diagonal of the Hessian if a formula gives it, float64[d]. */
  readonly closedDiagonal?: Float64Array
  /**
   * out = Σv at x = params, by a formula or by differentiating twice; left out where only gradients
   * can be had. `params` must not change while products at it are asked for.
   */
  product?(params: Float32Array, v: Float64Array, out: Float64Array): Promise<void>
}

/** A symmetric linear map: out = A v, both float64[d]. */
export type Operator = (v: Float64Array, out: Float64Array) => Promise<void>

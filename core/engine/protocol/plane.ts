/** A run in the plane of two coordinates, as it crosses to a face: plain data. */
export interface PlaneTrace {
  /** The steepest and the flattest coordinate, from zero. */
  readonly coordinates: readonly [number, number]
  /** λ of the two: f = ½ Σ λ_j x_j². */
  readonly curvature: readonly [number, number]
  /** x after 0, 1, … rounds: pairs. */
  readonly path: Float64Array
  /** H after 0, 1, … rounds: pairs. */
  readonly hessian: Float64Array
  /** The first directions z of each round: pairs. Empty for methods whose clients draw none. */
  readonly directions: readonly Float64Array[]
  /** μ; 0 for methods that probe nothing. */
  readonly mu: number
}

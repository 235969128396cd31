/**
 * Pieces: directions within a cone around the momentum. They all have a part along the velocity v
 * that past rounds left, and random parts of their own.
 *
 * @see arXiv 2511.02757 (ConMeZO), Algorithm 1
 */
import { cos } from '../random/index.ts'

export interface Cone {
  /** What it computes, in TeX. */
  readonly formula: string
  /**
   * z = weight · v + share · u; undefined while v is 0, when z = u.
   * @param velocity v, float32[d]
   */
  lean(velocity: Float32Array): { readonly weight: number; readonly share: number } | undefined
}

/**
 * z = √d cos θ · v / ‖v‖ + sin θ · u, of length about √d. ‖v‖² is a float64 sum in the order of
 * coordinates.
 * @param angle θ in radians, between the momentum and the directions; π/2 leans nowhere
 */
export function coneOf(angle: number): Cone {
  const along = cos(angle)
  const share = Math.sqrt(1 - along * along)
  return {
    formula: String.raw`z = \sqrt d \cos\theta\, \frac{v}{\lVert v \rVert} + \sin\theta\, u`,
    lean(velocity) {
      let squares = 0
      for (const part of velocity) squares += part * part
      if (squares === 0) return undefined
      return { weight: (Math.sqrt(velocity.length) * along) / Math.sqrt(squares), share }
    },
  }
}

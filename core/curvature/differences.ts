/**
 * The Hessian as an operator: the surface's own product where it has one, else central differences
 * of the true gradient.
 */
import type { LossSurface, Operator } from './lossSurface.ts'
import { rootMeanSquare } from './vectors.ts'

/**
 * How far a gradient is taken from x in differences, against the length of x, in every direction
 * alike: so all figures are of one Hessian. Gradients come in float32: much smaller steps drown in
 * their rounding, much larger ones in the curvature's own change. On softmax regression 0.01 is
 * within 4e-5 of the closed form (0.1: 3e-3). A ReLU has no second derivative where it bends: what
 * differences find there is the Hessian of the loss smoothed over the step, to which many samples
 * add many bends.
 */
const differenceStep = 0.01

/** The length that steps are relative to; a model at 0 has none of its own. */
function lengthScale(params: Float32Array): number {
  return Math.max(rootMeanSquare(params), 1e-3)
}

/**
 * v ↦ Σv: the surface's product, or ≈ [∇f(x + hv) − ∇f(x − hv)] / 2h, where h gives hv
 * the root mean square `differenceStep` · rms(x), at two gradients each.
 *
 * @param params x, float32[d]; must not change while the operator is used
 */
export function hessianOperator(surface: LossSurface, params: Float32Array): Operator {
  const { dim } = surface
  if (surface.product !== undefined) return (v, out) => surface.product!(params, v, out)
  const plus = new Float32Array(dim)
  const minus = new Float32Array(dim)
  const slope = new Float64Array(dim)
  const scale = lengthScale(params)
  return async (v, out) => {
    const length = rootMeanSquare(v)
    if (length === 0) {
      out.fill(0)
      return
    }
    const h = (differenceStep * scale) / length
    for (let j = 0; j < dim; j++) {
      plus[j] = params[j]! + h * v[j]!
      minus[j] = params[j]! - h * v[j]!
    }
    await surface.gradient(plus, out)
    await surface.gradient(minus, slope)
    for (let j = 0; j < dim; j++) out[j] = (out[j]! - slope[j]!) / (2 * h)
  }
}

/** v ↦ M^(-1/2) Σ M^(-1/2) v for a diagonal metric M > 0, float[d]. */
export function whitenedOperator(hessian: Operator, metric: ArrayLike<number>): Operator {
  const warped = new Float64Array(metric.length)
  return async (v, out) => {
    for (let j = 0; j < v.length; j++) warped[j] = v[j]! / Math.sqrt(metric[j]!)
    await hessian(warped, out)
    for (let j = 0; j < v.length; j++) out[j]! /= Math.sqrt(metric[j]!)
  }
}

/** ∂²f/∂x_j² for every j: d applications of the operator. @returns float64[d] */
export async function diagonalByCoordinates(hessian: Operator, dim: number): Promise<Float64Array> {
  const axis = new Float64Array(dim)
  const column = new Float64Array(dim)
  const diagonal = new Float64Array(dim)
  for (let j = 0; j < dim; j++) {
    axis[j] = 1
    await hessian(axis, column)
    axis[j] = 0
    diagonal[j] = column[j]!
  }
  return diagonal
}

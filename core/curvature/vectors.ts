/** Sums over d in float64, in index order. */

/** Σ a_j b_j */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * b[j]!
  return sum
}

/** ‖a‖₂ */
export function norm(a: Float64Array): number {
  return Math.sqrt(dot(a, a))
}

/** √(mean of a_j²) */
export function rootMeanSquare(a: ArrayLike<number>): number {
  let sum = 0
  for (let j = 0; j < a.length; j++) sum += a[j]! * a[j]!
  return Math.sqrt(sum / a.length)
}

/**
 * Cholesky's decomposition of small symmetric systems, in scalar space.
 *
 * Invariant: only + − × ÷ and √ in float64, in a fixed order: the same bits in every engine.
 */

/**
 * L with A = L Lᵀ, float64[n · n].
 * @param matrix A, of which the lower triangle is read
 * @param checked what a squared pivot is taken for: itself, or as the caller knows better
 */
export function cholesky(
  matrix: Float64Array,
  size: number,
  checked: (pivot: number, row: number) => number,
): Float64Array {
  const lower = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    for (let column = 0; column <= row; column++) {
      let rest = matrix[row * size + column]!
      for (let k = 0; k < column; k++) rest -= lower[row * size + k]! * lower[column * size + k]!
      lower[row * size + column] =
        column < row ? rest / lower[column * size + column]! : Math.sqrt(checked(rest, row))
    }
  }
  return lower
}

/** A⁻¹ b. @param lower L. @param right b, float64[n]; becomes the result */
export function solveCholesky(lower: Float64Array, right: Float64Array): Float64Array {
  const size = right.length
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < row; column++)
      right[row]! -= lower[row * size + column]! * right[column]!
    right[row]! /= lower[row * size + row]!
  }
  for (let row = size - 1; row >= 0; row--) {
    for (let below = row + 1; below < size; below++)
      right[row]! -= lower[below * size + row]! * right[below]!
    right[row]! /= lower[row * size + row]!
  }
  return right
}

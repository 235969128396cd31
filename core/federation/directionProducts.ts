/** Sums of products of the directions of a step, pair by pair, piece by piece. */

/** Adds Σ_i w_i a_i b_i over one piece of each pair of directions, for q ≤ p; w = 1 if left out. */
export function addProducts(
  sums: Float64Array,
  pieces: readonly Float32Array[],
  weights?: Float64Array,
): void {
  for (const [p, a] of pieces.entries()) {
    for (let q = 0; q <= p; q++) {
      const b = pieces[q]!
      let sum = 0
      if (weights === undefined) for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
      else for (let i = 0; i < a.length; i++) sum += weights[i]! * a[i]! * b[i]!
      sums[p * pieces.length + q]! += sum
    }
  }
}

/** Divides the lower triangle and writes it over the upper. */
export function mirrored(matrix: Float64Array, size: number, divisor: number): Float64Array {
  for (let p = 0; p < size; p++)
    for (let q = 0; q <= p; q++)
      matrix[q * size + p] = matrix[p * size + q] = matrix[p * size + q]! / divisor
  return matrix
}

/**
 * Orthogonal directions in scalar space. Suppose a step measured along the Gram-Schmidt basis of
 * its directions, each of length √d: the sum along it is (d/P) times the projection of the gradient
 * on their span. As the loss is linear over a distance μ, the scalars along the original directions
 * give the same sum, once multiplied by the inverse of their Gram matrix. So probes and messages
 * stay unchanged.
 *
 * @see arXiv 1804.02395 (structured, orthogonal directions in evolution strategies)
 */
import { HisoError } from '../base/index.ts'
import { cholesky, solveCholesky } from './cholesky.ts'

/**
 * Squared distance, relative to a direction's own length, below which it counts as a combination of
 * the others.
 */
const dependent = 1e-10

/**
 * ḡ ← (U Uᵀ / d)⁻¹ ḡ, by Cholesky's decomposition in float64.
 * @param gram U Uᵀ / d of the step's noise, float64[P · P], symmetric
 * @param scalars float32[P]
 * @throws HisoError CONFIG_INVALID if the directions are linearly dependent: there are more of them
 *   than parameters
 */
export function orthogonalScalars(gram: Float64Array, scalars: Float32Array): Float32Array {
  const size = scalars.length
  const lower = cholesky(gram, size, (pivot, row) => {
    if (pivot > dependent * gram[row * size + row]!) return pivot
    throw new HisoError('CONFIG_INVALID', {
      where: 'method.orthogonal',
      what: `${size} directions can't be orthogonal to each other here: there are fewer parameters`,
      remedy: 'Use fewer perturbations, or method.orthogonal=false',
    })
  })
  return Float32Array.from(solveCholesky(lower, Float64Array.from(scalars)))
}

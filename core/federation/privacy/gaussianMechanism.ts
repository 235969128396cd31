/**
 * The Gaussian mechanism on a reply: the client clips it and adds noise before anything leaves it.
 */
import type { RandomStream } from '../../random/index.ts'

/**
 * g · min(1, C / ‖g‖) + N(0, (σC)² I): clips the whole reply to length C, however many scalars it
 * has.
 *
 * @param scalars g, float32[τ · P], finite
 * @param clip C
 * @param noiseMultiplier σ
 * @see arXiv 1607.00133 (Abadi et al. 2016), Algorithm 1, with a client's reply in place of a
 *   sample's gradient
 */
export function gaussianMechanism(
  scalars: Float32Array,
  clip: number,
  noiseMultiplier: number,
  stream: RandomStream,
): Float32Array {
  const norm = Math.sqrt(scalars.reduce((sum, scalar) => sum + scalar * scalar, 0))
  const factor = norm > clip ? clip / norm : 1
  const deviation = noiseMultiplier * clip
  return scalars.map((scalar) => scalar * factor + deviation * stream.normal())
}

/** One random direction of a round, for people to look at; needs no replica. */
import type { Kernels } from '../kernels/index.ts'
import type { ScalarMethod, TensorShape } from '../methods/index.ts'
import { Directions } from './directions.ts'
import { OwnDirections } from './keptDirections.ts'

export interface DirectionAddress {
  /** s_r, the round's seed. */
  readonly seed: number
  /** P of the round. */
  readonly perturbations: number
  readonly localStep: number
  readonly perturbation: number
}

/**
 * The noise u and the direction z of (k, p), as every replica draws them; without what the momentum
 * adds to directions that lean to it, which only a replica knows.
 * @param hessian H_r, float32[d], in the kernels' memory
 * @param tensors in the order of x
 * @returns float32[d] each, in the kernels' memory
 */
export function drawDirection(
  kernels: Kernels,
  method: ScalarMethod,
  hessian: Float32Array,
  tensors: readonly TensorShape[],
  { seed, perturbations, localStep, perturbation }: DirectionAddress,
): { readonly noise: Float32Array; readonly direction: Float32Array } {
  const dim = hessian.length
  const directions = new Directions(kernels, dim, method, tensors, new OwnDirections([]), false, 0)
  const draw = (metric: Float32Array | undefined) => {
    const out = kernels.vector(dim)
    directions.start(seed, perturbations, metric, 0)
    directions.write(out, localStep, perturbation)
    return out
  }
  return { noise: draw(undefined), direction: draw(method.direction.metric(hessian)) }
}

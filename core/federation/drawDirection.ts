/** One random direction of a round, for people to look at; needs no replica. */
import type { Kernels } from '../kernels/index.ts'
import type { ScalarMethod } from '../methods/index.ts'
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
 * The noise u and the direction z of (k, p), as every replica draws them.
 * @param hessian H_r, float32[d], in the kernels' memory
 * @returns float32[d] each, in the kernels' memory
 */
export function drawDirection(
  kernels: Kernels,
  method: ScalarMethod,
  hessian: Float32Array,
  { seed, perturbations, localStep, perturbation }: DirectionAddress,
): { readonly noise: Float32Array; readonly direction: Float32Array } {
  const dim = hessian.length
  const directions = new Directions(
    kernels,
    dim,
    method.distribution,
    new OwnDirections([]),
    false,
    0,
  )
  const draw = (metric: Float32Array | undefined) => {
    const out = kernels.vector(dim)
    directions.start(seed, perturbations, metric, 0)
    directions.write(out, localStep, perturbation)
    return out
  }
  return { noise: draw(undefined), direction: draw(method.direction.metric(hessian)) }
}

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
  const write = openDirections(kernels, method, hessian, tensors, { seed, perturbations })
  const draw = (metric: Float32Array | undefined) =>
    write(kernels.vector(hessian.length), localStep, perturbation, metric)
  return { noise: draw(undefined), direction: draw(method.direction.metric(hessian)) }
}

/**
 * The first directions z of a round's first local step, one after the other in the same vector.
 * @param round.count how many, at most all
 * @param hessian H_r, as above
 * @param use receives float32[d], which the next one overwrites
 */
export function drawDirections(
  kernels: Kernels,
  method: ScalarMethod,
  hessian: Float32Array,
  tensors: readonly TensorShape[],
  round: Pick<DirectionAddress, 'seed' | 'perturbations'> & { readonly count: number },
  use: (direction: Float32Array) => void,
): void {
  const write = openDirections(kernels, method, hessian, tensors, round)
  const out = kernels.vector(hessian.length)
  const metric = method.direction.metric(hessian)
  for (let p = 0; p < Math.min(round.count, round.perturbations); p++) use(write(out, 0, p, metric))
}

function openDirections(
  kernels: Kernels,
  method: ScalarMethod,
  { length: dim }: Float32Array,
  tensors: readonly TensorShape[],
  { seed, perturbations }: Pick<DirectionAddress, 'seed' | 'perturbations'>,
) {
  const write = openDrawing(kernels, method, dim, tensors)
  return (
    out: Float32Array,
    localStep: number,
    perturbation: number,
    metric: Float32Array | undefined,
  ) => write(out, { seed, perturbations, localStep, perturbation }, metric)
}

/**
 * Draws directions of any rounds, with the same kernels and into given vectors.
 * @returns writes u, or with a metric z, and returns the vector
 */
export function openDrawing(
  kernels: Kernels,
  method: ScalarMethod,
  dim: number,
  tensors: readonly TensorShape[],
) {
  const directions = new Directions(kernels, dim, method, tensors, new OwnDirections([]), false, 0)
  return (
    out: Float32Array,
    { seed, perturbations, localStep, perturbation }: DirectionAddress,
    metric: Float32Array | undefined,
  ) => {
    directions.start(seed, perturbations, metric, 0)
    directions.write(out, localStep, perturbation)
    return out
  }
}

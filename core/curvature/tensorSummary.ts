/**
 * Learned and true diagonal tensor by tensor: in a model made of layers, most differences lie
 * between them.
 */
import { meanOf, rankCorrelation } from './correlation.ts'
import type { Estimate, TrueDiagonal } from './diagonal.ts'
import { spreadOf } from './spread.ts'

export interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
}

export interface TensorSummary extends Tensor {
  readonly size: number
  readonly learnedMean: number
  /** Standard deviation over mean. */
  readonly learnedSpread: number
  readonly trueMean: Estimate
  readonly trueSpread: number
  /** Rank correlation within the tensor; NaN if one of the two is constant. */
  readonly rank: Estimate
}

/** @param tensors in the order of the parameters, without gaps */
export function summarizeTensors(
  tensors: readonly Tensor[],
  hessian: Float32Array,
  truth: TrueDiagonal,
): TensorSummary[] {
  let start = 0
  return tensors.map(({ name, shape }) => {
    const size = shape.reduce((product, length) => product * length, 1)
    const end = start + size
    const learned = hessian.subarray(start, end)
    const values = truth.values.subarray(start, end)
    const errors = truth.errors?.subarray(start, end)
    start = end
    const learnedSpread = spreadOf(learned)
    return {
      name,
      shape,
      size,
      learnedMean: learnedSpread.mean,
      learnedSpread: learnedSpread.relative,
      trueMean: { value: meanOf(values), error: errorOfMean(errors) },
      trueSpread: spreadOf(values, errors).relative,
      rank: rankCorrelation(learned, values),
    }
  })
}

/** Treats the errors of the values as independent. */
function errorOfMean(errors: Float64Array | undefined): number {
  if (errors === undefined) return 0
  return Math.sqrt(errors.reduce((sum, error) => sum + error * error, 0)) / errors.length
}

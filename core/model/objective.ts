/**
 * What training needs from a task: losses of minibatches at given parameters, and held-out quality.
 * It hides how the loss is computed (an ONNX graph, a formula), and never asks for a derivative.
 */

import type { DeviceMemory, DeviceVector } from './deviceMemory.ts'
import type { LowRankPoint } from './grouped/groupFeeds.ts'
import { addScores, type Scores } from './language/scoreAnswers.ts'

/**
 * Identifies a minibatch: its samples are a pure function of these and the run's seed. All
 * zero-based.
 */
export interface BatchAddress {
  readonly client: number
  readonly round: number
  readonly localStep: number
}

export interface Evaluation {
  /** Sum of the per-sample losses over the range. */
  readonly lossSum: number
  /** Correctly classified samples, or undefined if accuracy has no meaning. */
  readonly correct: number | undefined
  readonly samples: number
  /** If the model writes texts as answers: how well they agree, summed over the range. */
  readonly scores?: Scores
}

/** Combines ranges of the same task. */
export function addEvaluations(a: Evaluation, b: Evaluation): Evaluation {
  return {
    lossSum: a.lossSum + b.lossSum,
    correct: a.correct === undefined ? undefined : a.correct + b.correct!,
    samples: a.samples + b.samples,
    ...(a.scores !== undefined && { scores: addScores(a.scores, b.scores!) }),
  }
}

/** ℓ_n of every sample of a minibatch; f itself where f is no mean over samples. */
export type SampleLosses = Float32Array | Float64Array

/** f(x; B), summed in float64 in sample order; NaN for a minibatch without samples. */
export function meanLoss(losses: ArrayLike<number>): number {
  let sum = 0
  for (let n = 0; n < losses.length; n++) sum += losses[n]!
  return sum / losses.length
}

/** Both kinds of losses from those of samples. */
export function lossesFromSamples<Params>(
  sampleLosses: LossMeasure<Params>['sampleLosses'],
): Pick<LossMeasure<Params>, 'losses' | 'sampleLosses'> {
  return {
    sampleLosses,
    losses: async (params, batches) =>
      Float64Array.from(await sampleLosses(params, batches), meanLoss),
  }
}

/** The values of each of several lists that lie behind one another. @param sizes their lengths */
export function partsOf<Values extends SampleLosses>(
  values: Values,
  sizes: readonly number[],
): Values[] {
  let from = 0
  return sizes.map((size) => values.subarray(from, (from += size)) as Values)
}

/** @typeParam Params where x lies: in this memory, or on the device */
export interface LossMeasure<Params> {
  /**
   * f(params; B) for each batch, in order: the mean loss over the batch's samples, summed in
   * float64 in sample order.
   *
   * @param params float32[d]; read only during the call
   */
  losses(params: Params, batches: readonly BatchAddress[]): Promise<Float64Array>

  /** The losses that `losses` are means of, one array per batch. */
  sampleLosses(params: Params, batches: readonly BatchAddress[]): Promise<readonly SampleLosses[]>

  /** Quality on the held-out samples [from, to). */
  evaluate(params: Params, from: number, to: number): Promise<Evaluation>
}

/** Losses at several points of one forward pass: x + Σ w z along low-rank directions z. */
export interface GroupedMeasure {
  /**
   * The most points that one call may get: as constant as `batchesPerCall`, for the same reason.
   */
  readonly pointsPerCall: number

  /**
   * @param params x, float32[d]; read only during the call
   * @returns for every point the losses of `sampleLosses`
   */
  sampleLosses(
    params: Float32Array,
    points: readonly LowRankPoint[],
    batches: readonly BatchAddress[],
  ): Promise<readonly (readonly SampleLosses[])[]>
}

export interface Objective extends LossMeasure<Float32Array> {
  /** d, the number of trainable scalars. */
  readonly dim: number

  /**
   * Σ, float64[d], of an f without samples whose Hessian is constant and diagonal. Left out where
   * the losses of single samples tell how f bends.
   */
  readonly hessianDiagonal?: Float64Array

  /** x_0, float32[d], written to `out` or to a fresh vector. */
  initialParams(out?: Float32Array): Float32Array

  /**
   * The most batches that one call of `losses` may get. A constant of the task: callers group
   * batches by it for any number of workers, so that the shapes of the forward passes, and hence
   * the bits, never depend on the workers.
   */
  readonly batchesPerCall: number

  /** Absent where points are measured one by one, at vectors that are written out. */
  readonly grouped?: GroupedMeasure

  /** Held-out samples available to `evaluate`. */
  readonly testSamples: number

  /**
   * The same with parameters that stay on the device; absent if they are sent for every forward
   * pass.
   */
  readonly device?: DeviceMemory & LossMeasure<DeviceVector>

  release(): Promise<void>
}

/**
 * A worker that writes down what a round asks of it and what it answers, and otherwise does what
 * the worker behind it does. A round that is played with it is the real round, with its numbers in
 * between.
 */
import {
  lossesOf,
  type CurvatureOrder,
  type LossOrder,
  type RoundWorker,
  type TrainedClient,
  type TrainOrder,
} from '../federation/index.ts'
import type { Probe } from '../methods/index.ts'
import { meanLoss, type SampleLosses } from '../model/index.ts'

/** A loss that a client measured. */
export interface MeasuredLoss {
  readonly client: number
  readonly localStep: number
  readonly probe: Probe
  readonly loss: number
  /** The losses of single samples, where the method's step needs them. */
  readonly samples?: SampleLosses
}

/** The curvature along a local step's directions that the objective gave itself. */
export interface MeasuredCurvature {
  readonly localStep: number
  /** S, float64[P · P] */
  readonly matrix: Float64Array
}

/** What a client of a d-dimensional method made of the model that it was sent. */
export interface ObservedTraining extends TrainedClient {
  readonly client: number
}

export interface Witness extends RoundWorker {
  readonly measured: readonly MeasuredLoss[]
  readonly curvatures: readonly MeasuredCurvature[]
  readonly trained: readonly ObservedTraining[]
}

export function watchWorker(worker: RoundWorker): Witness {
  const measured: MeasuredLoss[] = []
  const curvatures: MeasuredCurvature[] = []
  const trained: ObservedTraining[] = []
  return {
    measured,
    curvatures,
    trained,
    async losses(order: LossOrder) {
      const losses = await worker.losses(order)
      let at = 0
      for (const { client, probe } of order.calls.flatMap((call) => [...lossesOf(call)]))
        measured.push({ client, localStep: order.localStep, probe, loss: losses[at++]! })
      return losses
    },
    async sampleLosses(order: LossOrder) {
      const losses = await worker.sampleLosses(order)
      let at = 0
      for (const { client, probe } of order.calls.flatMap((call) => [...lossesOf(call)])) {
        const samples = losses[at++]!
        const loss = meanLoss(samples)
        measured.push({ client, localStep: order.localStep, probe, loss, samples })
      }
      return losses
    },
    async curvature(order: CurvatureOrder) {
      const matrix = await worker.curvature(order)
      if (matrix !== undefined) curvatures.push({ localStep: order.localStep, matrix })
      return matrix
    },
    async train(order: TrainOrder) {
      const answer = await worker.train(order)
      trained.push({ client: order.client, ...answer })
      return answer
    },
    apply: (frames) => worker.apply(frames),
    model: () => worker.model(),
    evaluate: (from, to) => worker.evaluate(from, to),
    stateHash: () => worker.stateHash(),
    params: () => worker.params(),
    hessian: () => worker.hessian(),
    snapshot: () => worker.snapshot(),
    adopt: (state) => worker.adopt(state),
    close: () => worker.close(),
  }
}

/** A participant's whole local training: τ steps of SGD from the model that it received. */
import type { Kernels } from '../../kernels/index.ts'
import type { Objective } from '../../model/index.ts'
import { RandomStream } from '../../random/index.ts'
import type { Anchors } from './drift.ts'
import type { VectorMethod } from './vectorMethod.ts'

/** Scratch vectors for training, float32[d] each. */
export interface TrainingVectors {
  /** x_{i,k}; x_{i,τ} at the end. */
  readonly params: Float32Array
  readonly gradient: Float32Array
  readonly velocity: Float32Array
  readonly probe: Float32Array
}

/** How many there are. */
export const trainingVectors = 4

export interface LocalTraining {
  readonly method: VectorMethod
  readonly kernels: Kernels
  readonly objective: Objective
  readonly vectors: TrainingVectors
  readonly anchors: Anchors
  /** The run's seed. */
  readonly seed: number
  readonly client: number
  readonly round: number
  /** τ */
  readonly localSteps: number
}

export interface Trained {
  /** f at the start of each local step, float64[τ]; not finite if any loss of the step was not. */
  readonly losses: Float64Array
  /** See `RoundResult.forwardPasses`. */
  readonly forwardPasses: number
}

/**
 * For k = 1..τ: g = gradient + λx, corrected for drift; v = g + β v; x = x − η v. Momentum starts
 * at 0 in every round, so that a client need not keep it.
 */
export async function trainLocally(training: LocalTraining): Promise<Trained> {
  const { method, kernels, objective, anchors, client, round, localSteps } = training
  const { params, gradient, velocity, probe } = training.vectors
  const { weightDecay, localMomentum } = method
  const rate = method.learningRate(round)
  const seeds = new RandomStream(training.seed, 'seeds', round, 1 + client)
  const losses = new Float64Array(localSteps)
  let forwardPasses = 0
  params.set(anchors.start)
  velocity.fill(0)
  for (let localStep = 0; localStep < localSteps; localStep++) {
    const batch = { client, round, localStep }
    const point = { kernels, objective, batch, params, seed: seeds.uint32(), probe }
    const found = await method.gradient.estimate(point, gradient, localStep === 0)
    losses[localStep] = found.loss
    forwardPasses += found.forwardPasses
    if (weightDecay > 0) kernels.accumulate(gradient, params, weightDecay)
    method.drift.correct(kernels, gradient, params, anchors)
    kernels.perturb(velocity, gradient, velocity, localMomentum)
    kernels.descend(params, velocity, rate, 0)
  }
  return { losses, forwardPasses }
}

/**
 * The worker of a d-dimensional method: a replica that supplies the model, and scratch memory in
 * which clients train one after the other. A client's whole training is one unit of work, so its
 * bits do not depend on other clients.
 */
import { HisoError, type Digest } from '../base/index.ts'
import type { Kernels } from '../kernels/index.ts'
import {
  controlChange,
  trainingVectors,
  trainLocally,
  type Anchors,
  type TrainingVectors,
} from '../methods/index.ts'
import { isDifferentiable, type Objective } from '../model/index.ts'
import { RandomStream } from '../random/index.ts'
import { decode, encode, type PackedVector } from '../wire/index.ts'
import { ReplicaWorker } from './replicaWorker.ts'
import { VectorReplica, vectorReplicaCapacity, type VectorReplicaPlan } from './vectorReplica.ts'
import type { TrainedClient, TrainOrder } from './worker.ts'

export interface VectorWorkerPlan extends VectorReplicaPlan {
  readonly protocol: 'vector'
  /** τ */
  readonly localSteps: number
  /** The run's seed. */
  readonly seed: number
}

/** What a participant receives, and what it keeps: see `Anchors`. */
const anchorVectors = 3

/** Float32 values that a worker allocates from its kernels' memory. */
export function vectorWorkerCapacity(plan: VectorWorkerPlan): number {
  return vectorReplicaCapacity(plan) + (anchorVectors + trainingVectors) * plan.dim
}

export class VectorWorker extends ReplicaWorker {
  readonly #plan: VectorWorkerPlan
  readonly #kernels: Kernels
  readonly #objective: Objective
  readonly #replica: VectorReplica
  readonly #anchors: Anchors
  readonly #vectors: TrainingVectors
  /** The round whose model the anchors hold. */
  #round = -1

  constructor(
    plan: VectorWorkerPlan,
    objective: Objective,
    kernels: Kernels,
    sha256: () => Digest,
  ) {
    const replica = new VectorReplica(kernels, plan, objective.initialParams())
    super(replica, objective, sha256)
    if (replica.method.gradient.isFirstOrder && !isDifferentiable(objective))
      throw new HisoError('MODEL_UNSUPPORTED', {
        where: 'method.name',
        what: `${plan.method.name} needs gradients, which this task does not have`,
        remedy: 'Choose a zeroth-order method (hiso, decomfl, fedzo)',
      })
    this.#plan = plan
    this.#kernels = kernels
    this.#objective = objective
    this.#replica = replica
    const vector = () => kernels.vector(plan.dim)
    this.#anchors = { start: vector(), control: vector(), ownControl: vector() }
    this.#vectors = {
      params: vector(),
      gradient: vector(),
      velocity: vector(),
      probe: vector(),
    }
  }

  override model(): Promise<Uint8Array> {
    const { params, control, rounds, method } = this.#replica
    const vectors = method.drift.controls ? [params, control] : [params]
    return Promise.resolve(encode({ type: 'model', round: rounds, vectors }))
  }

  override async train({ model, client }: TrainOrder): Promise<TrainedClient> {
    this.#receive(model)
    const { method } = this.#replica
    const { localSteps, seed } = this.#plan
    const round = this.#round
    const own = this.#replica.ownControl(client)
    if (own === undefined) this.#anchors.ownControl.fill(0)
    else this.#anchors.ownControl.set(own)
    const { losses, forwardPasses } = await trainLocally({
      method,
      kernels: this.#kernels,
      objective: this.#objective,
      vectors: this.#vectors,
      anchors: this.#anchors,
      seed,
      client,
      round,
      localSteps,
    })
    const { params, gradient: delta, velocity: change } = this.#vectors
    this.#kernels.perturb(delta, params, this.#anchors.start, -1)
    const vectors = [this.#pack(delta, client, 0)]
    if (method.drift.controls) {
      const rate = method.learningRate(round)
      controlChange(this.#kernels, change, delta, this.#anchors.control, localSteps, rate)
      vectors.push(this.#pack(change, client, 1))
    }
    return { update: encode({ type: 'update', round, client, vectors }), losses, forwardPasses }
  }

  /** Processes the server's model, once a round. */
  #receive(model: Uint8Array): void {
    if (this.#round === this.#replica.rounds) return
    const { message } = decode(model)
    if (message.type !== 'model' || message.round !== this.#replica.rounds)
      throw new Error(`a worker at round ${this.#replica.rounds} was given another round's model`)
    const [start, control] = message.vectors
    this.#anchors.start.set(start!)
    if (control !== undefined) this.#anchors.control.set(control)
    this.#round = message.round
  }

  #pack(vector: Float32Array, client: number, index: number): PackedVector {
    const stream = new RandomStream(this.#plan.seed, 'compression', this.#round, client, index)
    return this.#replica.method.compression.pack(vector, stream)
  }
}

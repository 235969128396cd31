/** The worker of a scalar-only method: one replica, one objective, and the probes between them. */
import type { Digest } from '../base/index.ts'
import { alignedLength, type Kernels } from '../kernels/index.ts'
import type { Probe } from '../methods/index.ts'
import {
  meanLoss,
  type BatchAddress,
  type Evaluation,
  type LossMeasure,
  type Objective,
  type SampleLosses,
} from '../model/index.ts'
import { decode, type LogMessage, type ReplicaState, type Reply } from '../wire/index.ts'
import { DeviceReplica } from './deviceReplica.ts'
import { GroupedProbes } from './groupedProbes.ts'
import { repliesByClient, scalarsOf, type ProbePoint } from './probePoint.ts'
import { Replica, scalarReplicaCapacity } from './replica.ts'
import type { ReplicaPlan } from './replicaPlan.ts'
import { ReplicaWorker } from './replicaWorker.ts'
import type { WorkerSlot } from './sharedState.ts'
import type { ReplicaSnapshot } from './snapshot.ts'
import type { CurvatureOrder, LossOrder } from './worker.ts'

export interface ScalarWorkerPlan extends ReplicaPlan {
  readonly protocol: 'scalar'
  /** How many clients' local parameters may be kept within a round, at least 1. */
  readonly keptClients: number
  /** Whether the objective measures points together, so that none is written out. */
  readonly isGrouped?: boolean
}

/** Float32 values that a worker allocates from its kernels' memory. */
export function scalarWorkerCapacity(plan: ScalarWorkerPlan): number {
  const vectors = plan.isGrouped === true ? 0 : 1 + plan.keptClients
  return scalarReplicaCapacity(plan) + vectors * alignedLength(plan.dim)
}

/** A client's parameters x_{i,k} while it takes its local steps. */
interface LocalParams {
  readonly params: Float32Array
  client: number
  localStep: number
}

/** Which losses are asked for, wherever x lies. */
type LossesOf<Losses> = <Params>(
  measure: LossMeasure<Params>,
  params: Params,
  batches: readonly BatchAddress[],
) => Promise<Losses>

export class ScalarWorker extends ReplicaWorker {
  readonly #replica: Replica
  readonly #objective: Objective
  readonly #probe: Float32Array
  readonly #locals: readonly LocalParams[]
  /** Present if the objective's device holds x too; probes are then made there. */
  readonly #device: DeviceReplica | undefined
  /** Present if points are measured together. */
  readonly #grouped: GroupedProbes | undefined
  #round = -1
  /** Whether the probe holds x_r itself. */
  #isProbeAtBase = false

  /** @param slot see `Replica` */
  constructor(
    plan: ScalarWorkerPlan,
    objective: Objective,
    kernels: Kernels,
    sha256: () => Digest,
    slot?: WorkerSlot,
  ) {
    const replica = new Replica(kernels, plan, (out) => objective.initialParams(out), slot)
    super(replica, objective, sha256)
    this.#replica = replica
    this.#objective = objective
    const isGrouped = plan.isGrouped === true
    if (isGrouped) this.#grouped = new GroupedProbes(replica, objective.grouped!)
    this.#probe = isGrouped ? new Float32Array() : kernels.vector(plan.dim)
    const { device } = objective
    this.#device = device && new DeviceReplica(device, replica, plan, this.#probe)
    this.#locals = Array.from({ length: device || isGrouped ? 0 : plan.keptClients }, () => ({
      params: kernels.vector(plan.dim),
      client: -1,
      localStep: 0,
    }))
  }

  override apply(frames: Uint8Array): Promise<void> {
    // A change of a setting may come after a round was gathered and discarded: the kept parameters
    // do not match the new settings.
    this.#round = -1
    this.#isProbeAtBase = false
    return super.apply(frames)
  }

  override restore(snapshot: ReplicaSnapshot): boolean {
    // What the device holds would stay behind.
    if (this.#device !== undefined) return false
    this.#round = -1
    this.#isProbeAtBase = false
    return super.restore(snapshot)
  }

  override adopt(state: ReplicaState): Promise<void> {
    this.#round = -1
    this.#isProbeAtBase = false
    this.#device?.free()
    this.#replica.adopt(state)
    return Promise.resolve()
  }

  override evaluate(from: number, to: number): Promise<Evaluation> {
    return this.#device === undefined
      ? this.#objective.evaluate(this.#base(this.#replica.params), from, to)
      : this.#device.evaluate(from, to)
  }

  override close(): Promise<void> {
    this.#device?.free()
    return super.close()
  }

  protected override applyMessage(message: LogMessage): void {
    this.#device?.follow(message)
    super.applyMessage(message)
  }

  override async losses(order: LossOrder): Promise<Float64Array> {
    if (this.#grouped !== undefined)
      return Float64Array.from(await this.sampleLosses(order), meanLoss)
    const measured = await this.#measure(order, (measure, params, batches) =>
      measure.losses(params, batches),
    )
    return Float64Array.from(measured.flatMap((losses) => [...losses]))
  }

  override async sampleLosses(order: LossOrder): Promise<readonly SampleLosses[]> {
    if (this.#grouped !== undefined) {
      this.#openRound(order.assignment)
      return this.#grouped.measure(order, this.#round)
    }
    const measured = await this.#measure(order, (measure, params, batches) =>
      measure.sampleLosses(params, batches),
    )
    return measured.flat()
  }

  override curvature({ assignment, localStep }: CurvatureOrder): Promise<Float64Array | undefined> {
    this.#openRound(assignment)
    const { hessianDiagonal } = this.#objective
    return Promise.resolve(
      hessianDiagonal && this.#replica.directions.curvature(localStep, hessianDiagonal),
    )
  }

  /** Measures the losses of each call. */
  async #measure<Losses>(
    { assignment, localStep, calls, replies }: LossOrder,
    losses: LossesOf<Losses>,
  ): Promise<Losses[]> {
    this.#openRound(assignment)
    const replyOf = repliesByClient(replies)
    const measured: Losses[] = []
    for (const { clients, probes } of calls) {
      const reply = localStep === 0 ? undefined : replyOf.get(clients[0]!)!
      const batches = clients.map((client) => ({ client, round: this.#round, localStep }))
      for (const probe of probes)
        measured.push(await this.#measureAt({ localStep, reply, probe }, batches, losses))
    }
    return measured
  }

  #openRound(assignment: Uint8Array): void {
    const { message } = decode(assignment)
    if (message.type !== 'assignment' || message.round !== this.#replica.rounds)
      throw new Error(
        `a worker at round ${this.#replica.rounds} was given another round's assignment`,
      )
    if (message.round === this.#round) return
    this.#round = message.round
    this.#replica.startRound(message.seed)
    this.#device?.startRound()
    for (const local of this.#locals) local.client = -1
  }

  #measureAt<Losses>(
    point: ProbePoint,
    batches: readonly BatchAddress[],
    losses: LossesOf<Losses>,
  ): Promise<Losses> {
    if (this.#device !== undefined)
      return this.#device.measure(point, (device, params) => losses(device, params, batches))
    const { localStep, reply, probe } = point
    const x = reply === undefined ? this.#replica.params : this.#localParams(reply, localStep)
    return losses(this.#objective, this.#move(x, localStep, probe), batches)
  }

  /** The parameters at a probe of x. */
  #move(x: Float32Array, localStep: number, probe: Probe): Float32Array {
    if (probe.side === 'base') return this.#base(x)
    this.#isProbeAtBase = false
    const { mu } = this.#replica.method
    const signed = probe.side === 'plus' ? mu : -mu
    this.#replica.directions.perturb(this.#probe, x, localStep, probe.perturbation, signed)
    return this.#probe
  }

  /** x in memory that an inference session accepts. */
  #base(x: Float32Array): Float32Array {
    if (!this.#replica.isShared || x !== this.#replica.params) return x
    if (!this.#isProbeAtBase) this.#probe.set(x)
    this.#isProbeAtBase = true
    return this.#probe
  }

  /** x_{i,k}: x_r after the client's own local steps, continuing from its kept copy. */
  #localParams(reply: Reply, localStep: number): Float32Array {
    const local =
      this.#locals.find(({ client }) => client === reply.client) ??
      this.#locals.find(({ client }) => client === -1) ??
      this.#locals[0]!
    if (local.client !== reply.client) {
      local.client = reply.client
      local.localStep = 0
      local.params.set(this.#replica.params)
    }
    for (; local.localStep < localStep; local.localStep++) {
      this.#replica.descend(local.params, local.localStep, scalarsOf(reply, local.localStep))
    }
    return local.params
  }
}

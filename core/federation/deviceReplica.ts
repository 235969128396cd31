/**
 * The part of a replica on the device that computes the losses: x, the round's directions as far as
 * they fit, and the clients' own x_{i,k}. A direction is sent there once (of a low-rank one, its
 * factors), and everything else is computed from it there. The replica remains the reference: if
 * the device cannot follow an entry, x is sent again.
 *
 * Invariant: a vector here has the bits that it has, or would have, in the replica. So what was
 * sent when, and what fitted, never shows in a loss.
 */
import type { DeviceVector, Evaluation, LossMeasure, Objective } from '../model/index.ts'
import type { Entry, LogMessage, Reply } from '../wire/index.ts'
import { scalarsOf, type ProbePoint } from './probePoint.ts'
import type { Replica } from './replica.ts'

export interface DeviceRoom {
  /** How many directions are kept within a round. */
  readonly keptDirections: number
  /**
   * How many clients' parameters are kept within a round; at least 1 if clients take several local
   * steps.
   */
  readonly keptClients: number
}

/** x ← x − η (Δ + λ x), with Δ = Σ_p c_p z_{k,p}. */
interface Descent {
  readonly localStep: number
  /** See `Replica.coefficients`. */
  readonly coefficients: Float32Array
  /** η */
  readonly learningRate: number
  /** λ */
  readonly weightDecay: number
}

/** A client's parameters x_{i,k} while it takes its local steps. */
interface LocalParams {
  readonly params: DeviceVector
  readonly localStep: number
}

export class DeviceReplica {
  readonly #device: NonNullable<Objective['device']>
  readonly #replica: Replica
  readonly #room: DeviceRoom
  readonly #scratch: Float32Array
  /** x as the replica held it before the pending entry; undefined if x must be sent. */
  #params: DeviceVector | undefined
  /** An entry that the replica has applied and the device has not yet. */
  #due: readonly Descent[] = []
  /** The round of the directions, -1 before the first. */
  #round = -1
  /** z_{k,p}, by k and p. */
  readonly #directions = new Map<string, DeviceVector>()
  readonly #locals = new Map<number, LocalParams>()

  /** @param scratch float32[d], for vectors in transit */
  constructor(
    device: NonNullable<Objective['device']>,
    replica: Replica,
    room: DeviceRoom,
    scratch: Float32Array,
  ) {
    this.#device = device
    this.#replica = replica
    this.#room = room
    this.#scratch = scratch
  }

  /** Call with a message before the replica applies it. */
  follow(message: LogMessage): void {
    if (message.type !== 'entry' || message.localSteps === 0) return
    const canFollow = this.#due.length === 0 && this.#holdsDirectionsOf(message)
    if (canFollow) this.#due = this.#descentsOf(message)
    else this.free()
  }

  /** Call when the replica has fixed the directions of the coming round. */
  startRound(): void {
    // The pending entry needs the previous round's directions.
    if (this.#due.length === 0) this.#freeRound()
    this.#round = this.#replica.rounds
  }

  /** Measures losses at a point, with the device's own measure. */
  async measure<Losses>(
    { localStep, reply, probe }: ProbePoint,
    losses: (device: LossMeasure<DeviceVector>, params: DeviceVector) => Promise<Losses>,
  ): Promise<Losses> {
    const x =
      reply === undefined ? await this.#currentParams() : await this.#localParams(reply, localStep)
    if (probe.side === 'base') return losses(this.#device, x)
    const { mu } = this.#replica.method
    const signed = probe.side === 'plus' ? mu : -mu
    const moved = await this.#along(x, localStep, probe.perturbation, signed)
    const measured = await losses(this.#device, moved)
    moved.free()
    return measured
  }

  /** The objective's, at x. */
  async evaluate(from: number, to: number): Promise<Evaluation> {
    return this.#device.evaluate(await this.#currentParams(), from, to)
  }

  free(): void {
    this.#params?.free()
    this.#params = undefined
    this.#due = []
    this.#freeRound()
  }

  #freeRound(): void {
    for (const direction of this.#directions.values()) direction.free()
    this.#directions.clear()
    for (const { params } of this.#locals.values()) params.free()
    this.#locals.clear()
  }

  /** Whether all that an entry descends along is here. */
  #holdsDirectionsOf({ round, localSteps, seed, scalarsPerStep }: Entry): boolean {
    const { method } = this.#replica
    const perturbations = scalarsPerStep / method.estimator(round).scalarsPerDirection
    return (
      this.#params !== undefined &&
      this.#round === round &&
      this.#replica.directions.matches(seed, perturbations) &&
      this.#directions.size === localSteps * perturbations &&
      // Only the replica has the velocity.
      method.momentum === 0
    )
  }

  #descentsOf({ localSteps, scalarsPerStep, aggregates }: Entry): Descent[] {
    return Array.from({ length: localSteps }, (_, localStep) =>
      this.#descentOf(
        localStep,
        aggregates.subarray(localStep * scalarsPerStep, (localStep + 1) * scalarsPerStep),
      ),
    )
  }

  /** @param measured float32[P · scalars per direction] */
  #descentOf(localStep: number, measured: Float32Array): Descent {
    const { method, rounds } = this.#replica
    return {
      localStep,
      coefficients: this.#replica.coefficients(localStep, measured),
      learningRate: method.learningRate(rounds),
      weightDecay: method.weightDecay,
    }
  }

  /** x as the replica holds it. */
  async #currentParams(): Promise<DeviceVector> {
    this.#params ??= await this.#device.upload(this.#sendable(this.#replica.params))
    for (const descent of this.#due) {
      const before = this.#params
      this.#params = await this.#descend(before, descent)
      before.free()
    }
    if (this.#due.length > 0) this.#freeRound()
    this.#due = []
    return this.#params
  }

  /** A vector of the replica in memory that inference sessions accept. */
  #sendable(vector: Float32Array): Float32Array {
    if (!this.#replica.isShared) return vector
    this.#scratch.set(vector)
    return this.#scratch
  }

  /** x_{i,k}: x_r after the client's own local steps, continuing from its kept copy. */
  async #localParams(reply: Reply, localStep: number): Promise<DeviceVector> {
    const kept = this.#locals.get(reply.client)
    let { params, localStep: reached } = kept ?? {
      params: await this.#currentParams(),
      localStep: 0,
    }
    for (; reached < localStep; reached++) {
      const before = params
      params = await this.#descend(before, this.#descentOf(reached, scalarsOf(reply, reached)))
      if (before !== this.#params) before.free()
    }
    this.#keepLocal(reply.client, { params, localStep })
    return params
  }

  #keepLocal(client: number, local: LocalParams): void {
    this.#locals.delete(client)
    const [longest] = this.#locals
    if (longest !== undefined && this.#locals.size >= this.#room.keptClients) {
      longest[1].params.free()
      this.#locals.delete(longest[0])
    }
    this.#locals.set(client, local)
  }

  /** A new vector; the old one stays. */
  async #descend(x: DeviceVector, descent: Descent): Promise<DeviceVector> {
    const { localStep, coefficients, learningRate, weightDecay } = descent
    // Zeros, with which the replica's sum begins too.
    let delta = await this.#device.perturb(x, x, -1)
    for (const [p, coefficient] of coefficients.entries()) {
      const before = delta
      delta = await this.#along(before, localStep, p, coefficient)
      before.free()
    }
    const next = await this.#device.descend(x, delta, learningRate, weightDecay)
    delta.free()
    return next
  }

  /** x + step · z_{k,p} */
  async #along(x: DeviceVector, localStep: number, p: number, step: number): Promise<DeviceVector> {
    const key = `${localStep}/${p}`
    const kept = this.#directions.get(key)
    if (kept !== undefined) return this.#device.perturb(x, kept, step)
    const z = await this.#sendDirection(localStep, p)
    const moved = await this.#device.perturb(x, z, step)
    if (this.#directions.size < this.#room.keptDirections) this.#directions.set(key, z)
    else z.free()
    return moved
  }

  /** Of a low-rank direction only the factors are sent. */
  async #sendDirection(localStep: number, p: number): Promise<DeviceVector> {
    const { directions } = this.#replica
    const factors = directions.factors(localStep, p)
    const made = factors && (await this.#device.expand(directions.layout!, factors))
    if (made !== undefined) return made
    directions.write(this.#scratch, localStep, p)
    return this.#device.upload(this.#scratch)
  }
}

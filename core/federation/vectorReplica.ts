/**
 * A replica of a d-dimensional method: x, the state of the server's optimiser, and the control
 * variates if there are any. Like scalar-only replicas it changes only by applying the log, which
 * is longer by a factor of d.
 */
import { assertNever, type Digest } from '../base/index.ts'
import type { VectorSettings } from '../config/index.ts'
import type { Kernels } from '../kernels/index.ts'
import { changePlan, createMethod, type MethodPlan, type VectorMethod } from '../methods/index.ts'
import type { LogMessage, VectorEntry } from '../wire/index.ts'
import type { AnyReplica } from './replicaWorker.ts'
import { copiedValues, valuesUnder, type ReplicaSnapshot } from './snapshot.ts'

export interface VectorReplicaPlan {
  /** d */
  readonly dim: number
  readonly method: VectorSettings
  /** R */
  readonly rounds: number
  /** M */
  readonly clients: number
}

/** Of names in a snapshot: the optimiser's vectors, and the clients' own. */
const statePrefix = 'state.'
const ownPrefix = 'own.'

/** Float32 values that a replica allocates from its kernels' memory. */
export function vectorReplicaCapacity({ dim, method, rounds }: VectorReplicaPlan): number {
  const { server } = createMethod(method, rounds)
  return (3 + server.initialState.length) * dim
}

export class VectorReplica implements AnyReplica {
  readonly params: Float32Array
  /** c, the mean of all c_i, float32[d]; stays 0 without control variates. */
  readonly control: Float32Array
  readonly #kernels: Kernels
  readonly #plan: VectorReplicaPlan
  readonly #delta: Float32Array
  /** The server optimiser's. */
  readonly #state: readonly Float32Array[]
  /** c_i of the clients that ever took part, float32[d] each. */
  readonly #ownControls = new Map<number, Float32Array>()
  #methodPlan: MethodPlan<VectorSettings>
  #method: VectorMethod
  #rounds = 0

  /** @param initial x_0, float32[d] */
  constructor(kernels: Kernels, plan: VectorReplicaPlan, initial: Float32Array) {
    this.#kernels = kernels
    this.#plan = plan
    this.#methodPlan = { settings: plan.method, rounds: plan.rounds }
    this.#method = createMethod(plan.method, plan.rounds)
    this.params = kernels.vector(plan.dim)
    this.params.set(initial)
    this.control = kernels.vector(plan.dim)
    this.#delta = kernels.vector(plan.dim)
    this.#state = this.#method.server.initialState.map((value) =>
      kernels.vector(plan.dim).fill(value),
    )
  }

  get rounds(): number {
    return this.#rounds
  }

  /** The method after every change in the log. */
  get method(): VectorMethod {
    return this.#method
  }

  /** These methods learn no diagonal Hessian: a new vector of ones. */
  get hessian(): Float32Array {
    return new Float32Array(this.#plan.dim).fill(1)
  }

  /** c_i, or undefined for a client that never took part, whose c_i is 0. */
  ownControl(client: number): Float32Array | undefined {
    return this.#ownControls.get(client)
  }

  apply(message: LogMessage): void {
    if (message.round !== this.#rounds)
      throw new Error(`a replica at round ${this.#rounds} can't apply round ${message.round}`)
    switch (message.type) {
      case 'change':
        this.#methodPlan = changePlan(this.#methodPlan, message)
        this.#method = createMethod(this.#methodPlan.settings, this.#methodPlan.rounds)
        return
      case 'vectorEntry':
        this.#advance(message)
        this.#rounds++
        return
      case 'entry':
        throw new Error('a log of scalars does not belong to a d-dimensional method')
      default:
        assertNever(message)
    }
  }

  hash(digest: Digest): string {
    for (const vector of [this.params, this.hessian])
      digest.update(new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength))
    return digest.hex()
  }

  snapshot(): ReplicaSnapshot {
    return {
      rounds: this.#rounds,
      plan: this.#methodPlan,
      values: {
        ...copiedValues({ x: this.params, c: this.control }),
        ...copiedValues({ ...this.#state }, statePrefix),
        ...copiedValues(Object.fromEntries(this.#ownControls), ownPrefix),
      },
    }
  }

  restore({ rounds, plan, values }: ReplicaSnapshot): boolean {
    this.params.set(values['x'] as Float32Array)
    this.control.set(values['c'] as Float32Array)
    for (const [at, vector] of this.#state.entries())
      vector.set(values[`${statePrefix}${at}`] as Float32Array)
    this.#ownControls.clear()
    for (const [client, control] of Object.entries(copiedValues(valuesUnder(ownPrefix, values))))
      this.#ownControls.set(Number(client), control as Float32Array)
    this.#rounds = rounds
    this.#methodPlan = plan as MethodPlan<VectorSettings>
    this.#method = createMethod(this.#methodPlan.settings, plan.rounds)
    return true
  }

  #advance({ aggregate, clientVectors, control }: VectorEntry): void {
    if (aggregate.length === 0) return
    this.#delta.set(aggregate)
    this.#method.server.step(this.#kernels, this.params, this.#delta, this.#state)
    const changes = control.length > 0 ? [control] : clientVectors.map(({ vector }) => vector)
    const weight = clientVectors.length / changes.length / this.#plan.clients
    for (const change of changes) {
      this.#delta.set(change)
      this.#kernels.accumulate(this.control, this.#delta, weight)
    }
    for (const { client, vector } of clientVectors) {
      const own = this.#ownControls.get(client)
      if (own === undefined) this.#ownControls.set(client, vector)
      else for (let j = 0; j < own.length; j++) own[j]! += vector[j]!
    }
  }
}

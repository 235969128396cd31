/**
 * What workers of all methods have in common: they keep a replica at the end of the log and report
 * on it.
 */
import type { Digest } from '../base/index.ts'
import type { Evaluation, Objective, SampleLosses } from '../model/index.ts'
import { decodeFrames, type LogMessage, type ReplicaState } from '../wire/index.ts'
import type { ReplicaSnapshot } from './snapshot.ts'
import type { CurvatureOrder, LossOrder, OwnWorker, TrainedClient, TrainOrder } from './worker.ts'

/** A replica of any method, which changes only by `apply`. */
export interface AnyReplica {
  /** x_r, float32[d] */
  readonly params: Float32Array
  /** H_r, float32[d]; 1 if the method has none */
  readonly hessian: Float32Array
  /** Rounds applied so far. */
  readonly rounds: number
  apply(message: LogMessage): void
  /** Hashes x, then H. */
  hash(digest: Digest): string
  snapshot(): ReplicaSnapshot
  /** @returns whether it could */
  restore(snapshot: ReplicaSnapshot): boolean
}

export abstract class ReplicaWorker implements OwnWorker {
  readonly #replica: AnyReplica
  readonly #objective: Objective
  readonly #sha256: () => Digest

  protected constructor(replica: AnyReplica, objective: Objective, sha256: () => Digest) {
    this.#replica = replica
    this.#objective = objective
    this.#sha256 = sha256
  }

  apply(frames: Uint8Array): Promise<void> {
    for (const message of decodeFrames(frames)) this.applyMessage(message)
    return Promise.resolve()
  }

  protected applyMessage(message: LogMessage): void {
    this.#replica.apply(message)
  }

  losses(_order: LossOrder): Promise<Float64Array> {
    return Promise.reject(otherProtocol())
  }

  sampleLosses(_order: LossOrder): Promise<readonly SampleLosses[]> {
    return Promise.reject(otherProtocol())
  }

  curvature(_order: CurvatureOrder): Promise<Float64Array | undefined> {
    return Promise.reject(otherProtocol())
  }

  model(): Promise<Uint8Array> {
    return Promise.reject(otherProtocol())
  }

  train(_order: TrainOrder): Promise<TrainedClient> {
    return Promise.reject(otherProtocol())
  }

  evaluate(from: number, to: number): Promise<Evaluation> {
    return this.#objective.evaluate(this.#replica.params, from, to)
  }

  stateHash(): Promise<string> {
    return Promise.resolve(this.#replica.hash(this.#sha256()))
  }

  params(): Promise<Float32Array> {
    return Promise.resolve(this.#replica.params.slice())
  }

  hessian(): Promise<Float32Array> {
    return Promise.resolve(this.#replica.hessian.slice())
  }

  adopt(_state: ReplicaState): Promise<void> {
    return Promise.reject(otherProtocol())
  }

  snapshot(): Promise<ReplicaSnapshot> {
    return Promise.resolve(this.#replica.snapshot())
  }

  restore(snapshot: ReplicaSnapshot): boolean {
    return this.#replica.restore(snapshot)
  }

  close(): Promise<void> {
    return this.#objective.release()
  }
}

function otherProtocol(): Error {
  return new Error('a worker was asked for what only methods of the other protocol need')
}

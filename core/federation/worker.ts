/**
 * What a worker does for a round, as an interface: it is a replica fed by the log, and measures
 * losses at given points. A worker may live in this thread, in another one or on another machine;
 * it communicates in frames.
 */
import type { Probe } from '../methods/index.ts'
import type { Evaluation, SampleLosses } from '../model/index.ts'
import type { ReplicaState } from '../wire/index.ts'
import type { ReplicaSnapshot } from './snapshot.ts'

/** One forward pass: the minibatches of some clients, at each of some probes of one x. */
export interface LossCall {
  readonly clients: readonly number[]
  /** More than one only for an objective that measures points together. */
  readonly probes: readonly Probe[]
}

/** What a call is answered with, loss by loss: all clients at its first probe, and so on. */
export function* lossesOf({
  clients,
  probes,
}: LossCall): Generator<{ readonly client: number; readonly probe: Probe }, void> {
  for (const probe of probes) for (const client of clients) yield { client, probe }
}

/** How many there are. */
export function lossCount({ clients, probes }: LossCall): number {
  return clients.length * probes.length
}

/** Losses that a round needs at one local step. */
export interface LossOrder {
  /** The frame of the round's assignment. */
  readonly assignment: Uint8Array
  /** k; from the second step on each call has one client, which has moved away from x_r. */
  readonly localStep: number
  readonly calls: readonly LossCall[]
  /**
   * Frames of what the clients in `calls` would reply so far: their scalars of the local steps
   * before k; empty at the first.
   */
  readonly replies: readonly Uint8Array[]
}

/**
 * A request of a d-dimensional method: act as one participant, from the received model to the
 * update.
 */
export interface TrainOrder {
  /** The frame of the round's model. */
  readonly model: Uint8Array
  readonly client: number
}

export interface TrainedClient {
  /** The frame of its update. */
  readonly update: Uint8Array
  /** f at the start of each local step, float64[τ]. */
  readonly losses: Float64Array
  /** See `RoundResult.forwardPasses`. */
  readonly forwardPasses: number
}

/** The directions of a local step, of the round that an assignment opens. */
export interface CurvatureOrder {
  /** The frame of the round's assignment. */
  readonly assignment: Uint8Array
  /** k */
  readonly localStep: number
}

/**
 * Calls are answered in the order in which they were made. Scalar-only methods ask for losses and
 * `curvature`, d-dimensional ones for `model` and `train`; to ask for the other's is a programming
 * mistake.
 */
export interface RoundWorker {
  /** Applies log frames. */
  apply(frames: Uint8Array): Promise<void>
  /** @returns f at the probe for every client of every call, in order */
  losses(order: LossOrder): Promise<Float64Array>
  /** @returns the same as losses of samples, whose means `losses` are */
  sampleLosses(order: LossOrder): Promise<readonly SampleLosses[]>
  /**
   * @returns S = ZᵀΣZ, float64[P · P], the same for every client; undefined where the losses of
   *   samples tell it
   */
  curvature(order: CurvatureOrder): Promise<Float64Array | undefined>
  /** The frame that opens the coming round, with the model of this replica. */
  model(): Promise<Uint8Array>
  train(order: TrainOrder): Promise<TrainedClient>
  /** Quality on the held-out samples [from, to). */
  evaluate(from: number, to: number): Promise<Evaluation>
  /** SHA-256 of the little-endian float32 parameters followed by H, in hexadecimal. */
  stateHash(): Promise<string>
  /** A copy of x, float32[d]. */
  params(): Promise<Float32Array>
  /** A copy of H, float32[d]. */
  hessian(): Promise<Float32Array>
  /** A copy of its state; undefined where it has only a part of one. */
  snapshot(): Promise<ReplicaSnapshot | undefined>
  /** Takes up the state of a snapshot message in place of its own. */
  adopt(state: ReplicaState): Promise<void>
  close(): Promise<void>
}

/** A worker of this thread. */
export interface OwnWorker extends RoundWorker {
  /**
   * Goes to the round that a snapshot of a worker of the same run was made after. @returns whether
   * it did: on a device, or with others, it can't
   */
  restore(snapshot: ReplicaSnapshot): boolean
}

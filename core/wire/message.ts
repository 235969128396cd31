/**
 * What federated parties say to each other in the scalar-only protocol, as data. Nothing here has a
 * size that depends on d; what does is in vectorMessage.ts. The bytes of each are codec.ts's
 * business; docs/wire-format.md is written from it.
 */
import type { Precision } from './precision.ts'
import type { Model, Update, VectorEntry } from './vectorMessage.ts'

/**
 * Server to participant: take part in this round, with these directions. The entries it has missed
 * follow as frames of their own.
 */
export interface Assignment {
  readonly type: 'assignment'
  /** r, zero-based. */
  readonly round: number
  /** τ. */
  readonly localSteps: number
  /** s_r, uint32: direction (k, p) of the round is number k·P + p of its stream. */
  readonly seed: number
}

/** Participant to server: its gradient scalars. */
export interface Reply {
  readonly type: 'reply'
  readonly round: number
  readonly client: number
  /** Scalars per local step: P of this round, or 2P where second differences are sent too. */
  readonly scalarsPerStep: number
  /** g_{i,k,p}, float32[τ · P], row k after row k − 1. */
  readonly scalars: Float32Array
  /**
   * How the scalars are written; absent: float32. A decoded reply holds what the written scalars
   * stand for.
   */
  readonly precision?: Precision
}

/** Server to everybody, and the log's unit: what one round did to the replicas. */
export interface Entry {
  readonly type: 'entry'
  readonly round: number
  /** τ; 0 when nobody answered, and then the round changes nothing. */
  readonly localSteps: number
  /** s_r, as the assignment's. */
  readonly seed: number
  /** Scalars per local step: P of this round, or 2P where second differences are sent too. */
  readonly scalarsPerStep: number
  /** ḡ_{k,p}, float32[τ · P]. */
  readonly aggregates: Float32Array
  /** As a reply's. */
  readonly precision?: Precision
}

/** The settings that may change during a run. */
export const changeableSettings = ['learningRate', 'nu'] as const
export type ChangeableSetting = (typeof changeableSettings)[number]

/** Server to everybody, and in the log: from this round on a setting has another value. */
export interface Change {
  readonly type: 'change'
  readonly round: number
  readonly setting: ChangeableSetting
  readonly value: number
}

export type Message = Assignment | Reply | Entry | Change | Model | Update | VectorEntry
/** What a participant answers a round with. */
export type Answer = Reply | Update
/** What closes a round in the log. */
export type RoundEntry = Entry | VectorEntry
/** What a log may hold. */
export type LogMessage = RoundEntry | Change

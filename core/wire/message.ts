/**
 * The messages of the scalar-only protocol, as data. The size of a message here never depends on d;
 * messages whose size does are in vectorMessage.ts and snapshotMessage.ts. codec.ts writes the
 * bytes, and docs/wire-format.md describes them.
 */
import type { ChangeableSetting } from './changeableSettings.ts'
import type { Precision } from './precision.ts'
import type { Snapshot } from './snapshotMessage.ts'
import type { Model, Update, VectorEntry } from './vectorMessage.ts'

/**
 * Server to participant: take part in this round, along these directions. The entries that it has
 * missed follow as frames of their own.
 */
interface Assignment {
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
   * How the scalars are written; float32 if absent. A decoded reply holds the values that were
   * written.
   */
  readonly precision?: Precision
}

/** Server to everybody, and the unit of the log: what one round did to the replicas. */
export interface Entry {
  readonly type: 'entry'
  readonly round: number
  /** τ; 0 if nobody answered, and then the round changes nothing. */
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

/** Server to everybody, and in the log: a setting has another value from this round on. */
export interface Change {
  readonly type: 'change'
  readonly round: number
  readonly setting: ChangeableSetting
  readonly value: number
}

/**
 * Client to server, in a federation of real clients: it is there, knows the log up to this round,
 * and holds this task. Sent every few seconds.
 */
export interface Hello {
  readonly type: 'hello'
  /** Rounds of the log that it has applied. */
  readonly round: number
  /**
   * SHA-256 of the federation, its config and the model that it begins with, 32 bytes; zeros from a
   * client that does not know them yet.
   */
  readonly fingerprint: Uint8Array
  /** The version of the federation's messages that the client speaks; from 1. */
  readonly protocol: number
}

export type Message =
  Assignment | Reply | Entry | Change | Hello | Snapshot | Model | Update | VectorEntry
/** A participant's answer to a round. */
export type Answer = Reply | Update
/** What closes a round in the log. */
export type RoundEntry = Entry | VectorEntry
/** What a log may hold. */
export type LogMessage = RoundEntry | Change

/**
 * What server and participants say to each other within a round, as an interface: scalar-only
 * methods and d-dimensional ones differ in their messages, and the round loop knows neither. The
 * server's half and the participants' half stand side by side here, because they must agree; all
 * that passes between them is frames.
 */
import type { Method } from '../methods/index.ts'
import type { Answer, Change, RoundEntry } from '../wire/index.ts'
import type { PrivacyBudget } from './privacy/index.ts'
import type { WorkerPool } from './workerPool.ts'

/** What the server sends at the start of a round. */
export interface RoundCall {
  readonly round: number
  readonly participants: Uint32Array
  /** Those of the participants whose answer will arrive. */
  readonly answering: Uint32Array
  /** The frame that opens the round, the same for every participant. */
  readonly opening: Uint8Array
}

/** What the participants of a round have sent, and what it took. */
export interface Gathered {
  /** One frame per answering client, by ascending client. */
  readonly replies: readonly Uint8Array[]
  /** Mean over those who answered of the loss where the round began; undefined when nobody did. */
  readonly trainLoss: number | undefined
  /** See `RoundResult.forwardPasses`. */
  readonly forwardPasses: number
}

/** Lengths of the frames of a round that is over. */
export interface FrameLengths {
  readonly opening: number
  reply(client: number): number
}

export interface Exchange {
  /** The method as it stands, after every change. */
  readonly method: Method
  /** What participants answer with. */
  readonly answerType: Answer['type']
  /** Whether a participant is a replica that must be sent what it has missed of the log. */
  readonly catchesUp: boolean
  /** What the replies so far have cost, where they are made private. */
  readonly privacyBudget?: PrivacyBudget
  /** The frame that opens a round, the same for every participant. */
  openingFrame(round: number, pool: WorkerPool): Promise<Uint8Array>
  /**
   * Lets the answering clients work.
   * @param batchesPerCall see `Objective.batchesPerCall`
   * @throws HisoError LOSS_NOT_FINITE
   */
  gather(call: RoundCall, pool: WorkerPool, batchesPerCall: number): Promise<Gathered>
  /**
   * What the round does to every replica.
   * @param answers of type `answerType`, by ascending client; none when nobody answered
   */
  entry(round: number, answers: readonly Answer[]): RoundEntry
  /** For a ledger that is rebuilt from the log, where the frames themselves are gone. */
  lengthsOf(entry: RoundEntry): FrameLengths
  change(change: Change): void
  /** The round in the paper's own accounting: 4 bytes a number, both ways. */
  paperBytes(round: number, participants: number): number
}

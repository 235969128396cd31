/**
 * How server and participants communicate within a round, as an interface. Scalar-only and
 * d-dimensional methods differ in their messages, and the round loop knows neither. The server's
 * half and the participants' half stand side by side, because they must agree; only frames pass
 * between them.
 */
import type { Method } from '../methods/index.ts'
import type { Answer, Change, RoundEntry } from '../wire/index.ts'
import type { RoundAttendance } from './attendance.ts'
import type { PrivacyBudget } from './privacy/index.ts'
import type { WorkerPool } from './workerPool.ts'

/** What one forward pass may hold. */
export interface PassSize {
  /** See `Objective.batchesPerCall`. */
  readonly batchesPerCall: number
  /** See `GroupedMeasure.pointsPerCall`; 1 if left out. */
  readonly pointsPerCall?: number | undefined
}

/** What the server sends at the start of a round. */
export interface RoundCall extends RoundAttendance {
  readonly round: number
  /** The frame that opens the round, the same for every participant. */
  readonly opening: Uint8Array
}

/** What the participants of a round have sent, and its cost. */
export interface Gathered {
  /** One frame per answering client, by ascending client. */
  readonly replies: readonly Uint8Array[]
  /**
   * Mean over those who answered of the loss at the start of the round; undefined if nobody
   * answered.
   */
  readonly trainLoss: number | undefined
  /** See `RoundResult.forwardPasses`. */
  readonly forwardPasses: number
}

/** Lengths of the frames of a completed round. */
export interface FrameLengths {
  readonly opening: number
  reply(client: number): number
}

/** What a participant does in a round, whatever it measures. */
export interface RoundWork {
  /** Of one participant; see `RoundResult.forwardPasses`. */
  readonly passes: number
  /** The length of its answer's frame. */
  replyBytes(client: number): number
}

export interface Exchange {
  /** The method after every change so far. */
  readonly method: Method
  /** The type of the participants' answers. */
  readonly answerType: Answer['type']
  /**
   * Whether a participant is a replica that must receive the parts of the log that it has missed.
   */
  readonly catchesUp: boolean
  /** The privacy spent by the replies so far, if they are private. */
  readonly privacyBudget?: PrivacyBudget
  /** The frame that opens a round, the same for every participant. */
  openingFrame(round: number, pool: WorkerPool): Promise<Uint8Array>
  /**
   * Lets the answering clients work.
   * @param size of a forward pass
   * @throws HisoError LOSS_NOT_FINITE
   */
  gather(call: RoundCall, pool: WorkerPool, size: PassSize): Promise<Gathered>
  /**
   * What the round does to every replica.
   * @param answers of type `answerType`, by ascending client; none if nobody answered
   */
  entry(round: number, answers: readonly Answer[]): RoundEntry
  /** For a ledger that is rebuilt from the log, without the frames themselves. */
  lengthsOf(entry: RoundEntry): FrameLengths
  /** Call it when the round's opening frame is known, or its entry's `lengthsOf`. */
  workOf(round: number): RoundWork
  change(change: Change): void
  /** The round in the paper's own accounting: 4 bytes a number, both ways. */
  paperBytes(round: number, participants: number): number
}

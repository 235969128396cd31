/**
 * Who is called in each round, and who answers. In a simulation both follow from the run's seed; of
 * real clients a run keeps a record.
 */
import type { FederationSettings, RunConfig } from '../config/index.ts'
import type { RoundTimes } from '../network/index.ts'
import { RandomStream } from '../random/index.ts'
import { answeringOf, participantsOf } from './participation.ts'

/** One round's. Clients ascend. */
export interface RoundAttendance {
  readonly participants: Uint32Array
  /** Those of them who answered. */
  readonly answering: Uint32Array
  /**
   * For each participant the rounds of the log that it knew before; undefined where that follows
   * from when it took part last.
   */
  readonly known?: Uint32Array | undefined
  /** How long the round took; undefined where nobody waits. */
  readonly waits?: RoundWaits | undefined
  /** When each participant got, computed and sent; undefined without a simulated network. */
  readonly times?: RoundTimes | undefined
}

/** Milliseconds since a round called its participants. */
export interface RoundWaits {
  /** Until each of those who answered had; in their order. */
  readonly answeredMs: readonly number[]
  /** Until the round waited no longer. */
  readonly closedMs: number
}

export interface Attendance {
  of(round: number): RoundAttendance
}

export function seededAttendance({
  federation,
  seed,
}: Pick<RunConfig, 'federation' | 'seed'>): Attendance {
  return {
    of(round) {
      const participants = participantsOf(federation, seed, round)
      return { participants, answering: answeringOf(participants, federation, seed, round) }
    },
  }
}

/**
 * The participants of a round among the clients that are there. With all of them there it is the
 * simulation's draw.
 * @param present ascending; not empty
 */
export function participantsAmong(
  present: readonly number[],
  { participants }: Pick<FederationSettings, 'participants'>,
  seed: number,
  round: number,
): Uint32Array {
  const count = Math.min(participants, present.length)
  const stream = new RandomStream(seed, 'participation', round)
  return stream.sample(present.length, count).map((position) => present[position]!)
}

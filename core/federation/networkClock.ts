/**
 * The clock of a simulated network, as the server keeps it: what a round's frames and passes take,
 * and how much time has passed. Who comes too late has not answered.
 */
import type { RunConfig } from '../config/index.ts'
import {
  isInTime,
  isLate,
  roundTimes,
  type ClockSettings,
  type ParticipantTraffic,
  type RoundTimes,
} from '../network/index.ts'
import type { RoundAttendance } from './attendance.ts'
import type { CatchUp } from './catchUp.ts'
import type { RoundWork } from './exchange.ts'

/** What a round took on a simulated network. */
export interface SimulatedRound {
  /** Since the run began, to the round's end. */
  readonly simulatedMs: number
  /** Participants whose answers came too late. */
  readonly late: number
  /**
   * What the server sends if one message reaches all: the opening and the longest catch-up, of each
   * kind.
   */
  readonly broadcastBytes: number
}

/** What a round sends down, before it begins. */
interface DownTraffic {
  readonly openingBytes: number
  /** What a client is sent for what it has missed. */
  readonly catchUpOf: (client: number) => CatchUp
}

export class NetworkClock {
  readonly #settings: ClockSettings
  #now = 0

  private constructor(settings: ClockSettings) {
    this.#settings = settings
  }

  /** @returns undefined where a config has no network */
  static of({
    network,
    devices,
    seed,
  }: Pick<RunConfig, 'network' | 'devices' | 'seed'>): NetworkClock | undefined {
    return network.kind === 'none' ? undefined : new NetworkClock({ link: network, devices, seed })
  }

  /** Seconds since the run began. */
  get now(): number {
    return this.#now
  }

  /** The round as it goes on this network; changes nothing. */
  timed(
    round: number,
    { participants, answering }: RoundAttendance,
    work: RoundWork,
    { openingBytes, catchUpOf }: DownTraffic,
  ): RoundAttendance & { readonly times: RoundTimes } {
    const willAnswer = answering.length === participants.length ? undefined : new Set(answering)
    const traffic = Array.from(participants, (client): ParticipantTraffic => {
      const { kind, bytes } = catchUpOf(client)
      return {
        client,
        kind,
        downBytes: openingBytes + bytes,
        upBytes: work.replyBytes(client),
        answers: willAnswer?.has(client) ?? true,
      }
    })
    const times = roundTimes(this.#settings, {
      round,
      startsAt: this.#now,
      passes: work.passes,
      participants: traffic,
    })
    const inTime = participants.filter((_, at) => isInTime(times, at))
    return { participants, answering: inTime, times }
  }

  /** Ends the round. */
  advance({ closedAt }: RoundTimes): void {
    this.#now += closedAt
  }
}

/** How many of a round's participants answered too late. */
export function lateIn(times: RoundTimes): number {
  return times.answeredAt.reduce((sum, _, at) => sum + (isLate(times, at) ? 1 : 0), 0)
}

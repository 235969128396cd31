/** A round on a simulated network: what took each participant how long, and who was late. */
import type { Host } from '../../base/index.ts'
import { networkTitle } from '../../config/index.ts'
import { timedRounds } from '../../federation/index.ts'
import { isInTime, isLate, isReached } from '../../network/index.ts'
import { openLog, readDim, readRunConfig } from '../../runs/index.ts'

/** What became of a participant. */
export type ParticipantFate = 'answered' | 'late' | 'silent' | 'off'

/** In seconds since the round began. */
export interface TimelineRow {
  readonly client: number
  readonly fate: ParticipantFate
  /** Rounds whose entries it was sent. */
  readonly missedRounds: number
  readonly sentAt: number
  readonly receivedAt: number
  readonly computedAt: number
  /** Undefined for one that does not answer. */
  readonly answeredAt: number | undefined
}

export interface RoundTimeline {
  readonly round: number
  /** As screens call it. */
  readonly network: string
  /** Seconds since the run began. */
  readonly startsAt: number
  readonly closedAt: number
  /** Of the config, if it has one. */
  readonly deadline: number | undefined
  /** By ascending client. */
  readonly rows: readonly TimelineRow[]
}

/** @returns undefined without a network, and for a round that is not there yet */
export async function readTimeline(
  host: Host,
  folder: string,
  round: number,
): Promise<RoundTimeline | undefined> {
  const config = await readRunConfig(host, folder)
  const network = networkTitle(config)
  if (network === undefined) return undefined
  const messages = await openLog(host, folder).read(0, round + 1)
  const { times, participants, known } =
    timedRounds(config, await readDim(host, folder), messages)[round] ?? {}
  if (times === undefined || participants === undefined || known === undefined) return undefined
  const rows = Array.from(participants, (client, at): TimelineRow => {
    const answeredAt = times.answeredAt[at]!
    return {
      client,
      fate: isInTime(times, at)
        ? 'answered'
        : !isReached(times, at)
          ? 'off'
          : isLate(times, at)
            ? 'late'
            : 'silent',
      missedRounds: round - known[at]!,
      sentAt: times.sentAt[at]!,
      receivedAt: times.receivedAt[at]!,
      computedAt: times.computedAt[at]!,
      answeredAt: Number.isNaN(answeredAt) ? undefined : answeredAt,
    }
  })
  const { startsAt, closedAt } = times
  return { round, network, startsAt, closedAt, deadline: config.devices.deadline, rows }
}

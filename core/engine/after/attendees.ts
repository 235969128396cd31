/**
 * Who took part in a federation of real clients, how long each takes to answer, and how long rounds
 * waited on whom.
 */
import type { Host } from '../../base/index.ts'
import { readAttendanceFile } from '../../runs/index.ts'
import type { RoundAttendance, RoundWaits } from '../../federation/index.ts'
import { readRosterNames } from '../deploy/roster.ts'

/** Rounds that are looked at: the last. */
const latestRounds = 500

/** One client of a federation. */
export interface Attendee {
  readonly client: number
  /** What it joins as, where the folder says so. */
  readonly name: string | undefined
  /** In how many of the rounds looked at it was called, and answered. */
  readonly called: number
  readonly answered: number
  /** The round in which it answered last, from 0. */
  readonly lastAnswered: number | undefined
  /** Of those answers, in milliseconds. */
  readonly medianMs: number | undefined
  readonly lastMs: number | undefined
  /** For how long rounds waited on it alone. */
  readonly waitedMs: number
}

export interface Attendees {
  /** Rounds looked at, and how long they waited on clients in all. */
  readonly rounds: number
  readonly waitedMs: number
  /** By ascending client. */
  readonly clients: readonly Attendee[]
}

interface Tally {
  called: number
  answered: number
  lastAnswered: number | undefined
  readonly times: number[]
  waitedMs: number
}

/** @returns undefined for a simulation */
export async function readAttendees(host: Host, folder: string): Promise<Attendees | undefined> {
  const attendance = await readAttendanceFile(host.files.own(folder))
  if (attendance === undefined) return undefined
  const names = await readRosterNames(host.files, folder)
  const from = Math.max(0, attendance.rounds - latestRounds)
  const rounds = Array.from({ length: attendance.rounds - from }, (_, at) =>
    attendance.of(from + at),
  )
  return attendeesOf(rounds, from, names)
}

/** @param from the round of the first */
export function attendeesOf(
  rounds: readonly RoundAttendance[],
  from: number,
  names: readonly string[],
): Attendees {
  const tallies = new Map<number, Tally>()
  const tallyOf = (client: number): Tally => {
    const known = tallies.get(client)
    if (known !== undefined) return known
    const tally = { called: 0, answered: 0, lastAnswered: undefined, times: [], waitedMs: 0 }
    tallies.set(client, tally)
    return tally
  }
  names.forEach((_, client) => tallyOf(client))
  for (const [at, { participants, answering, waits }] of rounds.entries()) {
    for (const client of participants) tallyOf(client).called++
    for (const [index, client] of answering.entries()) {
      const tally = tallyOf(client)
      tally.answered++
      tally.lastAnswered = from + at
      if (waits !== undefined) tally.times.push(waits.answeredMs[index]!)
    }
    if (waits === undefined) continue
    for (const [client, ms] of waitedOn({ participants, answering, waits }))
      tallyOf(client).waitedMs += ms
  }
  const clients = [...tallies.entries()]
    .sort(([a], [b]) => a - b)
    .map(([client, { times, ...tally }]) => ({
      ...tally,
      client,
      name: names[client],
      medianMs: medianOf(times),
      lastMs: times.at(-1),
    }))
  const waitedMs = rounds.reduce((sum, { waits }) => sum + (waits?.closedMs ?? 0), 0)
  return { rounds: rounds.length, waitedMs, clients }
}

/**
 * A round waits on its slowest for as long as it is later than the one before; where some never
 * answered, on each of them from the last answer on.
 */
function waitedOn({
  participants,
  answering,
  waits: { answeredMs, closedMs },
}: RoundAttendance & { readonly waits: RoundWaits }): (readonly [client: number, ms: number])[] {
  const sorted = answeredMs.toSorted((a, b) => b - a)
  const [slowest = 0, before = 0] = sorted
  const absent = [...participants].filter((client) => !answering.includes(client))
  if (absent.length > 0) return absent.map((client) => [client, closedMs - slowest])
  return [[answering[answeredMs.indexOf(slowest)]!, slowest - before]]
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  if (sorted.length === 0) return undefined
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/**
 * One round on a simulated network: when each participant was sent its messages, had them, had
 * computed, and had answered. A pure function of settings, seed, round, and what goes over the
 * wire.
 */
import type { DeviceSettings, LinkSettings } from '../config/index.ts'
import { RandomStream } from '../random/index.ts'
import { deviceOf, wakesAfter } from './device.ts'
import { carrySeconds, delaySeconds, lossySeconds } from './link.ts'

export interface ClockSettings {
  readonly link: LinkSettings
  readonly devices: DeviceSettings
  /** The run's seed. */
  readonly seed: number
}

/** What a participant gets and sends in a round. */
export interface ParticipantTraffic {
  readonly client: number
  /** The opening of the round, and the catch-up. */
  readonly downBytes: number
  /** Of what is in them, where messages of several kinds are sent. */
  readonly kind?: string
  readonly upBytes: number
  /** Whether it answers at all. */
  readonly answers: boolean
}

interface TimedRound {
  readonly round: number
  /** Seconds since the run began. */
  readonly startsAt: number
  /** Forward passes of each participant. */
  readonly passes: number
  /** By ascending client. */
  readonly participants: readonly ParticipantTraffic[]
  /** How many each of them stands for, where all share a link; 1 if left out. */
  readonly weight?: number
}

/** In seconds since the round began, by participant. */
export interface RoundTimes {
  /** Since the run began. */
  readonly startsAt: number
  /** When the server begins to send: the device is on, and the server's link is free. */
  readonly sentAt: Float64Array
  readonly receivedAt: Float64Array
  readonly computedAt: Float64Array
  /** When the whole reply is there; NaN where the participant doesn't answer. */
  readonly answeredAt: Float64Array
  /** When the server waits no longer. */
  readonly closedAt: number
}

export function roundTimes(settings: ClockSettings, timed: TimedRound): RoundTimes {
  const { link, devices, seed } = settings
  const { round, startsAt, passes, participants } = timed
  const isCertain = link.jitter === 0 && link.loss === 0
  const parties = participants.map((own): Party => {
    const device = deviceOf(devices, seed, own.client)
    return {
      ...own,
      wakesAt: wakesAfter(device, devices, startsAt),
      computesFor: passes / device.passesPerSecond,
      draw: isCertain ? undefined : new RandomStream(seed, 'network', round, own.client),
    }
  })
  const { sentAt, receivedAt, channelFrom } = deliver(settings, timed, parties)
  const computedAt = receivedAt.map((at, index) => at + parties[index]!.computesFor)
  const { answeredAt, last } = collect(link, timed, parties, computedAt, channelFrom)
  const { deadline = Infinity } = devices
  const isWaitedFor = deadline < Infinity && answeredAt.some((time) => !(time <= deadline))
  const closedAt = isWaitedFor ? deadline : last
  return { startsAt, sentAt, receivedAt, computedAt, answeredAt, closedAt }
}

interface Party extends ParticipantTraffic {
  /** When its device is on, in seconds since the round began. */
  readonly wakesAt: number
  readonly computesFor: number
  readonly draw: RandomStream | undefined
}

/** The way down: the server's link, or the one channel, carries one message behind the other. */
function deliver(
  { link, devices }: ClockSettings,
  { weight = 1 }: TimedRound,
  parties: readonly Party[],
) {
  const { shared, carried } = loadsOf(link)
  const sentAt = new Float64Array(parties.length)
  const receivedAt = new Float64Array(parties.length)
  const isOn = ({ wakesAt }: Party) => wakesAt === 0
  // All that are on hear the opening and the longest catch-up, of each kind.
  const longest = link.broadcast ? longestOfEachKind(parties.filter(isOn)) : 0
  let free = shared(longest, link.down)
  let channelFrom = free
  const wakes = Float64Array.from(parties, ({ wakesAt }) => wakesAt)
  for (const at of inOrder(wakes, devices.availability < 1)) {
    const own = parties[at]!
    const hears = link.broadcast && isOn(own)
    const bytes = hears ? longest : own.downBytes
    const begins = hears ? 0 : Math.max(own.wakesAt, free)
    if (!hears) free = begins + weight * shared(bytes, link.down)
    if (isOn(own)) channelFrom = free
    sentAt[at] = begins
    receivedAt[at] = begins + carried(bytes, link.down) + delaySeconds(link, own.draw)
  }
  return { sentAt, receivedAt, channelFrom: link.oneChannel ? channelFrom : 0 }
}

/** The longest message of a kind holds all others. */
function longestOfEachKind(parties: readonly ParticipantTraffic[]): number {
  const longest = new Map<string, number>()
  for (const { kind = '', downBytes } of parties)
    longest.set(kind, Math.max(longest.get(kind) ?? 0, downBytes))
  return [...longest.values()].reduce((sum, bytes) => sum + bytes, 0)
}

/** The way up, likewise. A reply that never comes is missed when it would have come. */
function collect(
  link: LinkSettings,
  { weight = 1 }: TimedRound,
  parties: readonly Party[],
  computedAt: Float64Array,
  channelFrom: number,
) {
  const { shared, carried } = loadsOf(link)
  const answeredAt = new Float64Array(parties.length).fill(NaN)
  const arrivals = computedAt.map((at, index) => {
    const { upBytes, draw } = parties[index]!
    return at + carried(upBytes, link.up) + delaySeconds(link, draw)
  })
  let free = channelFrom
  let last = 0
  for (const at of inOrder(arrivals, true)) {
    const { upBytes, answers } = parties[at]!
    last = Math.max(last, arrivals[at]!)
    if (!answers) continue
    const occupied = shared(upBytes, link.up)
    free = Math.max(arrivals[at]! - occupied, free) + weight * occupied
    answeredAt[at] = free
    last = Math.max(last, free)
  }
  return { answeredAt, last }
}

/** How long a message occupies its client's link, the link that all share, and the slower one. */
function loadsOf(link: LinkSettings) {
  const own = (bytes: number, kbits: number) => lossySeconds(bytes, kbits, link)
  const shared = (bytes: number, kbits: number) =>
    link.oneChannel ? own(bytes, kbits) : carrySeconds(bytes, link.server)
  const carried = (bytes: number, kbits: number) =>
    Math.max(own(bytes, kbits), shared(bytes, kbits))
  return { shared, carried }
}

/** Positions by ascending time; equal ones stay as they are. */
function inOrder(times: Float64Array, differ: boolean): Uint32Array {
  const order = Uint32Array.from(times, (_, at) => at)
  return differ ? order.sort((a, b) => times[a]! - times[b]! || a - b) : order
}

/** Whether the participant at a position was sent its messages before the round was over. */
export const isReached = ({ sentAt, closedAt }: RoundTimes, at: number) => sentAt[at]! <= closedAt

/** Whether the reply of the participant at a position came in time. */
export const isInTime = ({ answeredAt, closedAt }: RoundTimes, at: number) =>
  answeredAt[at]! <= closedAt

/** Whether it answered, but too late. */
export const isLate = ({ answeredAt, closedAt }: RoundTimes, at: number) =>
  answeredAt[at]! > closedAt

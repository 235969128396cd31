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
  readonly upBytes: number
  /** Whether it answers at all. */
  readonly answers: boolean
}

export interface TimedRound {
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

export function roundTimes(
  { link, devices, seed }: ClockSettings,
  { round, startsAt, passes, participants, weight = 1 }: TimedRound,
): RoundTimes {
  const count = participants.length
  const all = Array.from(participants, ({ client }) => deviceOf(devices, seed, client))
  const isCertain = link.jitter === 0 && link.loss === 0
  const draws = participants.map(({ client }) =>
    isCertain ? undefined : new RandomStream(seed, 'network', round, client),
  )
  const wakes = Float64Array.from(all, (device) => wakesAfter(device, devices, startsAt))
  const sentAt = new Float64Array(count)
  const receivedAt = new Float64Array(count)
  const computedAt = new Float64Array(count)
  const answeredAt = new Float64Array(count).fill(NaN)

  // How long a message occupies its client's link, and the link that all share.
  const own = (bytes: number, kbits: number) => lossySeconds(bytes, kbits, link)
  const shared = (bytes: number, kbits: number) =>
    link.oneChannel ? own(bytes, kbits) : carrySeconds(bytes, link.server)
  const carried = (bytes: number, kbits: number) =>
    Math.max(own(bytes, kbits), shared(bytes, kbits))

  let free = 0
  let channelFree = 0
  for (const at of inOrder(wakes, devices.availability < 1)) {
    const { downBytes } = participants[at]!
    const begins = Math.max(wakes[at]!, free)
    free = begins + weight * shared(downBytes, link.down)
    if (wakes[at] === 0) channelFree = free
    sentAt[at] = begins
    receivedAt[at] = begins + carried(downBytes, link.down) + delaySeconds(link, draws[at])
    computedAt[at] = receivedAt[at]! + passes / all[at]!.passesPerSecond
  }

  // A reply that never comes is missed when it would have come.
  const arrivals = Float64Array.from(
    participants,
    ({ upBytes }, at) =>
      computedAt[at]! + carried(upBytes, link.up) + delaySeconds(link, draws[at]),
  )
  free = link.oneChannel ? channelFree : 0
  let last = 0
  for (const at of inOrder(arrivals, true)) {
    const { upBytes, answers } = participants[at]!
    last = Math.max(last, arrivals[at]!)
    if (!answers) continue
    const occupied = shared(upBytes, link.up)
    free = Math.max(arrivals[at]! - occupied, free) + weight * occupied
    answeredAt[at] = free
    last = Math.max(last, free)
  }
  const { deadline = Infinity } = devices
  const isWaitedFor = deadline < Infinity && answeredAt.some((time) => !(time <= deadline))
  const closedAt = isWaitedFor ? deadline : last
  return { startsAt, sentAt, receivedAt, computedAt, answeredAt, closedAt }
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

/**
 * A simulated client's device: its speed and the hours in which it is on, each a pure function of
 * the run's seed and the client.
 */
import type { DeviceSettings } from '../config/index.ts'
import { exp, log, RandomStream } from '../random/index.ts'

const secondsPerDay = 86_400

interface Device {
  /** Forward passes of a minibatch in a second. */
  readonly passesPerSecond: number
  /** When in each day of the run it comes on, in seconds. */
  readonly onFrom: number
}

/** The speed is log-normal: the median times `spread` to the power of N(0, 1). */
export function deviceOf(
  { passesPerSecond, spread, availability }: DeviceSettings,
  seed: number,
  client: number,
): Device {
  if (spread === 1 && availability === 1) return { passesPerSecond, onFrom: 0 }
  const stream = new RandomStream(seed, 'device', client)
  const factor = exp(log(spread) * stream.normal())
  return {
    passesPerSecond: passesPerSecond * factor,
    onFrom: secondsPerDay * stream.uniform(),
  }
}

/**
 * How long it takes until the device is on, in seconds; 0 where it is.
 * @param at seconds since the run began
 */
export function wakesAfter(
  { onFrom }: Device,
  { availability }: DeviceSettings,
  at: number,
): number {
  if (availability === 1) return 0
  const sinceOn = (((at - onFrom) % secondsPerDay) + secondsPerDay) % secondsPerDay
  return sinceOn < availability * secondsPerDay ? 0 : secondsPerDay - sinceOn
}

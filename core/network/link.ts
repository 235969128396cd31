/** How long a message takes on a link. Bytes are those of the frames alone. */
import type { LinkSettings } from '../config/index.ts'
import { log, type RandomStream } from '../random/index.ts'

/** Seconds in which a link of so many kbit/s carries the bytes. */
export const carrySeconds = (bytes: number, kbits: number) => bytes / (125 * kbits)

/** The same where lost packets are sent again: each packet 1 / (1 − loss) times on average. */
export const lossySeconds = (bytes: number, kbits: number, { loss }: LinkSettings) =>
  carrySeconds(bytes, kbits) / (1 - loss)

/**
 * What a message waits on its way, whatever its length: the latency, an exponential jitter, and a
 * way back and forth for each time that its last packet is lost.
 */
export function delaySeconds(
  { latency, jitter, loss }: LinkSettings,
  draw: RandomStream | undefined,
): number {
  let ms = latency
  if (draw !== undefined) {
    ms -= jitter * log(1 - draw.uniform())
    while (draw.uniform() < loss) ms += 2 * latency
  }
  return ms / 1000
}

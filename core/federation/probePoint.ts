/** A point in parameter space at which a round measures a loss. */
import type { Probe } from '../methods/index.ts'
import { decode, type Reply } from '../wire/index.ts'

export interface ProbePoint {
  /** k */
  readonly localStep: number
  /**
   * What the client at x_{i,k} has measured before; undefined at the first step, where all clients
   * are at x_r.
   */
  readonly reply: Reply | undefined
  readonly probe: Probe
}

/** What a client measured at one local step, float32[P · scalars per direction]. */
export function scalarsOf({ scalars, scalarsPerStep }: Reply, localStep: number): Float32Array {
  return scalars.subarray(localStep * scalarsPerStep, (localStep + 1) * scalarsPerStep)
}

/** What clients have measured before, by client. @param frames of replies */
export function repliesByClient(frames: readonly Uint8Array[]): Map<number, Reply> {
  return new Map(frames.map(decodeReply).map((reply) => [reply.client, reply]))
}

function decodeReply(frame: Uint8Array): Reply {
  const { message } = decode(frame)
  if (message.type !== 'reply')
    throw new Error(`expected a reply, not a message of type ${message.type}`)
  return message
}

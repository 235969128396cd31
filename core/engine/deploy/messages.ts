/**
 * What the server of a federation sends to one client. Most of it is frames of the wire format as
 * they are; what is sent once in a while is plain data. Clients send frames and nothing else:
 * hellos and replies (core/wire).
 */
import { z } from 'zod'
import { HisoError, joinBytes } from '../../base/index.ts'
import { decodeData, encodeData, headAt, logTypes } from '../../wire/index.ts'

/**
 * The version of these messages. Clients name theirs in each hello, and a server refuses those of
 * another one.
 */
export const federationProtocol = 3

/** Take part in a round. On its way: the assignment's frame, and behind it the missed frames. */
export interface Summons {
  readonly type: 'summons'
  readonly round: number
  /** The frame of the round's assignment. */
  readonly opening: Uint8Array
  /** Frames of the log that the client lacks, the newest; older ones were sent as `LogPart`s. */
  readonly missed: Uint8Array
}

/** A frame of a snapshot, in place of the rounds of the log that a client lacks. */
interface SnapshotPart {
  readonly type: 'snapshot'
  readonly frame: Uint8Array
}

/** Frames of the log, where a client lacks so many that they do not fit into one message. */
interface LogPart {
  readonly type: 'log'
  readonly frames: Uint8Array
}

/** No server asks for more hellos than this. */
const leastHelloMs = 100

const count = z.int().nonnegative()
const rareMessage = z.discriminatedUnion('type', [
  /** What a client needs to become one. */
  z.object({
    type: z.literal('welcome'),
    /** Of the federation: another one each time that one is begun. */
    id: z.string(),
    /** Its index among the clients. */
    client: count,
    /** The config as a file. */
    configText: z.string(),
    /** SHA-256 of the model that all begin with. */
    model: z.string(),
    /** Of the program. */
    version: z.string(),
    /** What its hellos must say from now on, 32 bytes. */
    fingerprint: z.instanceof(Uint8Array<ArrayBufferLike>),
    /** Between two hellos: the more clients, the longer. */
    helloEveryMs: z
      .int()
      .min(leastHelloMs)
      .max(2 ** 31 - 1),
    /** What samples look like there; left out where they are not numbers with a class. */
    sampleForm: z
      .object({
        shape: z.array(count).readonly(),
        classes: count,
        classNames: z.array(z.string()).readonly().optional(),
      })
      .optional(),
  }),
  /** The server still waits for an answer to a round. */
  z.object({ type: z.literal('reminder'), round: count }),
  /**
   * Something that the client sent does not count. `isFinal` says whether the client can do nothing
   * but end. With a session it is for that process of the client, and for no other.
   */
  z.object({
    type: z.literal('refusal'),
    reason: z.string(),
    isFinal: z.boolean(),
    session: z.string().optional(),
  }),
  /** The federation has come to its end. */
  z.object({ type: z.literal('farewell'), rounds: count }),
])

type RareMessage = z.infer<typeof rareMessage>
export type Welcome = Extract<RareMessage, { type: 'welcome' }>
export type ServerMessage = Summons | SnapshotPart | LogPart | RareMessage

export function encodeServerMessage(message: ServerMessage): Uint8Array {
  if (message.type === 'summons') return joinBytes([message.opening, message.missed])
  if (message.type === 'snapshot') return message.frame
  return message.type === 'log' ? message.frames : encodeData(message)
}

/** @throws HisoError WIRE_CORRUPT */
export function decodeServerMessage(bytes: Uint8Array): ServerMessage {
  // Plain data begins with the type of a hello, which no server sends.
  const head = headAt(bytes, 0)
  if (head?.type === 'assignment') {
    const [opening, missed] = [bytes.subarray(0, head.end), bytes.subarray(head.end)]
    return { type: 'summons', round: head.round, opening, missed }
  }
  if (head?.type === 'snapshot') return { type: 'snapshot', frame: bytes }
  if (head !== undefined && logTypes.has(head.type)) return { type: 'log', frames: bytes }
  const { data } = rareMessage.safeParse(decodeData(bytes))
  if (data === undefined)
    throw new HisoError('WIRE_CORRUPT', { what: 'the server sent a message of an unknown kind' })
  return data
}

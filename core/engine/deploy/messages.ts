/**
 * What the server of a federation sends to one client. Clients send frames and nothing else: hellos
 * and replies (core/wire).
 */
import { decodeData, encodeData } from '../../wire/index.ts'

/** What a client needs to become one. */
export interface Welcome {
  readonly type: 'welcome'
  /** Of the federation: another one each time that one is begun. */
  readonly id: string
  /** Its index among the clients. */
  readonly client: number
  /** The config as a file. */
  readonly configText: string
  /** SHA-256 of the model that all begin with. */
  readonly model: string
  /** Of the program. */
  readonly version: string
  /** What its hellos must say from now on, 32 bytes. */
  readonly fingerprint: Uint8Array
}

/** Take part in a round. */
export interface Summons {
  readonly type: 'summons'
  readonly round: number
  /** Whether the client knows another log than the server's, and must forget it. */
  readonly isAnew: boolean
  /** Frames of the log that it lacks, the newest: what comes before was sent as `LogPart`s. */
  readonly missed: Uint8Array
  /** The frame of the round's assignment. */
  readonly opening: Uint8Array
}

/** Frames of the log, where a client lacks so many that they do not fit into one message. */
export interface LogPart {
  readonly type: 'log'
  /** As a summons'. */
  readonly isAnew: boolean
  readonly frames: Uint8Array
}

/** The server still waits for an answer to a round. */
interface Reminder {
  readonly type: 'reminder'
  readonly round: number
}

/** Something that the client sent does not count. */
interface Refusal {
  readonly type: 'refusal'
  readonly reason: string
  /** Whether the client can do nothing but end. */
  readonly isFinal: boolean
}

/** The federation has come to its end. */
interface Farewell {
  readonly type: 'farewell'
  readonly rounds: number
}

export type ServerMessage = Welcome | LogPart | Summons | Reminder | Refusal | Farewell

export const encodeServerMessage = (message: ServerMessage): Uint8Array => encodeData(message)

/** @throws HisoError WIRE_CORRUPT */
export function decodeServerMessage(bytes: Uint8Array): ServerMessage {
  return decodeData(bytes) as unknown as ServerMessage
}

/**
 * replies.log: what each participant sent, round after round. Who answers follows from the seed, so
 * the log beside it says what has to be there; what is missing can only be had by playing the round
 * again.
 */
import { HisoError, messageOf } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'
import { createExchange, type Attendance } from '../federation/index.ts'
import { movesVectors } from '../methods/index.ts'
import {
  decode,
  encode,
  findFrame,
  isWholeFrame,
  type RoundEntry,
  type ScalarLog,
} from '../wire/index.ts'
import { messagesOf } from './messages.ts'
import { replyTypes } from './roundReader.ts'

/**
 * Updates of d numbers from every participant would fill a disk with what the log has as their
 * mean: of methods that send them this much is kept.
 */
const keptUpdateBytes = 64 * 2 ** 20

export function repliesRoom({ method }: Pick<RunConfig, 'method'>): number {
  return movesVectors(method) ? keptUpdateBytes : Infinity
}

export interface RepliesReading {
  /** Rounds from the first on whose replies are there, all of them, or were never kept. */
  readonly rounds: number
  /** ends[r] is the byte length of the replies to the first r rounds; rounds + 1 elements. */
  readonly ends: readonly number[]
  /** Set when what follows is not an end that was cut off. */
  readonly damage: HisoError | undefined
}

/**
 * Compares the replies with what the rounds of a log must have brought.
 * @param where the file, for messages
 * @param attendance who answered
 * @param rounds how many of the log's are looked at
 */
export function checkReplies(
  bytes: Uint8Array,
  config: RunConfig,
  log: ScalarLog,
  where: string,
  attendance: Attendance,
  rounds = log.rounds,
): RepliesReading {
  const exchange = createExchange(config)
  const ends = [0]
  let room = repliesRoom(config)
  for (const message of messagesOf(log, rounds)) {
    if (message.type === 'change') {
      exchange.change(message)
      continue
    }
    const { round } = message
    const start = ends[round]!
    const { answering } = attendance.of(round)
    const reading = readRound(bytes, start, round, answering)
    const wasKept = reading.obstacle === undefined
    if (!wasKept && lengthOf(message) <= room)
      return { rounds: round, ends, damage: damageAt(reading.end, round, reading.obstacle) }
    const end = wasKept ? reading.end : start
    room -= end - start
    ends.push(end)
  }
  return { rounds, ends, damage: undefined }

  /** Bytes of a round's replies, where that decides whether they were kept. */
  function lengthOf(entry: RoundEntry): number {
    if (room === Infinity) return 0
    const lengths = exchange.lengthsOf(entry)
    return attendance
      .of(entry.round)
      .answering.reduce((sum, client) => sum + lengths.reply(client), 0)
  }

  function damageAt(offset: number, round: number, obstacle: string): HisoError | undefined {
    const isDamage =
      isWholeFrame(bytes, offset) ||
      findFrame(bytes, offset + 1, { types: replyTypes, round }) !== undefined
    if (!isDamage) return undefined
    return new HisoError('RUN_CORRUPT', {
      where: `${where}, round ${round + 1}`,
      what: `the replies are damaged there (${obstacle})`,
      remedy: `hiso resume --discard-damaged plays the rounds from ${round + 1} on again, to the same bits; the log is whole, so replay and export --format onnx work without them`,
    })
  }
}

/** The replies of one round from an offset on: where they end, or where something else is. */
function readRound(
  bytes: Uint8Array,
  start: number,
  round: number,
  clients: Uint32Array,
): { readonly end: number; readonly obstacle: string | undefined } {
  let end = start
  for (const client of clients) {
    const obstacle = obstacleAt(bytes, end, round, client)
    if (typeof obstacle === 'string') return { end, obstacle }
    end = obstacle.end
  }
  return { end, obstacle: undefined }
}

function obstacleAt(
  bytes: Uint8Array,
  offset: number,
  round: number,
  client: number,
): string | { readonly end: number } {
  try {
    const { message, end } = decode(bytes, offset)
    if (message.type !== 'reply' && message.type !== 'update')
      return `a message of type ${message.type} does not belong there`
    if (message.round !== round || message.client !== client)
      return `client ${message.client + 1} in round ${message.round + 1} stands where client ${client + 1} in round ${round + 1} belongs`
    return isSame(encode(message), bytes, offset)
      ? { end }
      : 'a message is written in another way than this program writes it'
  } catch (error) {
    return messageOf(error)
  }
}

function isSame(frame: Uint8Array, bytes: Uint8Array, offset: number): boolean {
  for (let at = 0; at < frame.length; at++) if (frame[at] !== bytes[offset + at]) return false
  return true
}

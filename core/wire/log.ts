/**
 * The append-only log of a run: a header, then one frame per round (and per change of a setting).
 * It is enough to rebuild the replicas, and a client's catch-up is a slice of it. For a scalar-only
 * method it holds seeds and scalars; for a method of d numbers it holds aggregated vectors, and is
 * that much larger.
 *
 *     header = "HISOLOG" · version uint8
 */
import { HisoError, messageOf } from '../base/index.ts'
import { ByteReader, corrupt } from './bytes.ts'
import { decode, encode } from './codec.ts'
import { findFrame, isWholeFrame } from './findFrame.ts'
import { changeableSettings } from './changeableSettings.ts'
import type { Change, LogMessage, Message } from './message.ts'
import type { ChangedSetting, ReplicaState } from './snapshotMessage.ts'

const magic = 'HISOLOG'
/** Version 2: one seed per round. */
const logVersion = 2
export const logHeader: Uint8Array = Uint8Array.from(
  [...magic].map((letter) => letter.charCodeAt(0)).concat(logVersion),
)

export class ScalarLog {
  /** Its first round; those before it came as a snapshot. */
  readonly first: number
  #bytes: Uint8Array
  #length: number
  /**
   * #starts[r − first] is the offset of the first frame that a client lacks after r rounds.
   */
  readonly #starts: number[]
  /** What the last change of each setting said. */
  readonly #changed: Map<Change['setting'], number>
  /** The same at the end of the last round. */
  #settled: ReadonlyMap<Change['setting'], number>

  /** @param after the state that it continues; left out, the beginning */
  constructor(after: Pick<ReplicaState, 'round' | 'changed'> = { round: 0, changed: [] }) {
    this.first = after.round
    this.#changed = new Map(after.changed.map(({ setting, value }) => [setting, value]))
    this.#settled = new Map(this.#changed)
    this.#bytes = new Uint8Array(4096)
    this.#bytes.set(logHeader)
    this.#length = logHeader.length
    this.#starts = [logHeader.length]
  }

  /** Complete rounds up to its end. */
  get rounds(): number {
    return this.first + this.#starts.length - 1
  }

  /** The changed settings of the last round, as a snapshot of the state after it says them. */
  get changed(): readonly ChangedSetting[] {
    return changeableSettings.flatMap((setting) => {
      const value = this.#settled.get(setting)
      return value === undefined ? [] : [{ setting, value }]
    })
  }

  /** All bytes, header first, as a view that the next append may invalidate. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /**
   * Appends a message.
   * @param read the bytes from which it was decoded
   * @returns its frame
   * @throws HisoError WIRE_CORRUPT if it is not the next message, a change that changes nothing, or
   *   its own bytes differ from `read`
   */
  append(message: LogMessage, read?: Uint8Array): Uint8Array {
    if (message.round !== this.rounds)
      throw corrupt(`round ${message.round + 1} stands where round ${this.rounds + 1} belongs`)
    if (message.type === 'change' && this.repeats(message))
      throw corrupt(`${message.setting} is changed to the value that it already has`)
    const frame = encode(message)
    if (read !== undefined && !areSame(read, frame))
      throw corrupt('a message has another encoding than the one that this program writes')
    this.#grow(frame.length)
    this.#bytes.set(frame, this.#length)
    this.#length += frame.length
    if (message.type === 'change') this.#changed.set(message.setting, message.value)
    else {
      this.#starts.push(this.#length)
      if (this.#changed.size > 0) this.#settled = new Map(this.#changed)
    }
    return frame
  }

  /** Whether the last change of this setting said the same: a log holds no such change. */
  repeats({ setting, value }: Pick<Change, 'setting' | 'value'>): boolean {
    return Object.is(this.#changed.get(setting), value)
  }

  /**
   * The frames that a client lacks after the first `rounds` rounds, as a view that the next append
   * may invalidate.
   */
  since(rounds: number): Uint8Array {
    return this.#bytes.subarray(this.#startOf(rounds), this.#length)
  }

  /** Byte length of `since`, without a view. */
  bytesSince(rounds: number): number {
    return this.#length - this.#startOf(rounds)
  }

  /** The frames of rounds [from, to), and the changes before them. */
  slice(from: number, to: number): Uint8Array {
    return this.#bytes.subarray(this.#startOf(from), this.#startOf(to))
  }

  #startOf(round: number): number {
    return this.#starts[round - this.first]!
  }

  #grow(size: number): void {
    if (this.#length + size <= this.#bytes.length) return
    const grown = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + size))
    grown.set(this.bytes)
    this.#bytes = grown
  }
}

export const logTypes: ReadonlySet<Message['type']> = new Set<LogMessage['type']>([
  'entry',
  'vectorEntry',
  'change',
])

function isLogMessage(message: Message): message is LogMessage {
  return logTypes.has(message.type)
}

/** The messages in a run of frames without a header. @throws HisoError WIRE_CORRUPT */
export function* decodeFrames(frames: Uint8Array): Generator<LogMessage> {
  for (let offset = 0; offset < frames.length;) {
    const { message, end } = decode(frames, offset)
    if (!isLogMessage(message))
      throw new HisoError('WIRE_CORRUPT', {
        what: `a log can't hold a message of type ${message.type}`,
      })
    yield message
    offset = end
  }
}

/** What the bytes of a log file hold. */
export interface LogReading {
  readonly log: ScalarLog
  /**
   * Bytes of an unfinished last frame, left by a process that was killed while writing; 0 for a
   * whole log.
   */
  readonly tornBytes: number
  /** Set if a frame inside the log is damaged; `log` then holds everything before it. */
  readonly damage: HisoError | undefined
}

/**
 * Reads a log file. Reports a torn end instead of failing: its round never finished. A log whose
 * header was never written has no rounds.
 * @param where the file, for messages
 * @throws HisoError RUN_CORRUPT if it is not a log, RUN_NEWER or RUN_OLDER if another version wrote
 *   it
 */
export function readLog(bytes: Uint8Array, where: string): LogReading {
  const log = new ScalarLog()
  if (hasNoHeaderYet(bytes)) return { log, tornBytes: bytes.length, damage: undefined }
  checkHeader(bytes, where)
  let offset = logHeader.length
  while (offset < bytes.length) {
    try {
      const { message, end } = decode(bytes, offset)
      if (!isLogMessage(message))
        throw corrupt(`a message of type ${message.type} does not belong in a log`)
      log.append(message, bytes.subarray(offset, end))
      offset = end
    } catch (cause) {
      if (!isDamageAt(bytes, offset, log.rounds))
        return { log, tornBytes: bytes.length - offset, damage: undefined }
      const damage = new HisoError('RUN_CORRUPT', {
        where: `${where}, round ${log.rounds + 1}`,
        what: `the log is damaged there (${messageOf(cause)})`,
        remedy: `The ${log.rounds} rounds before it are whole: hiso resume --discard-damaged goes on from them, or restore the file from a copy`,
        cause,
      })
      return { log, tornBytes: 0, damage }
    }
  }
  return { log, tornBytes: 0, damage: undefined }
}

/**
 * Whether the bytes at `offset` are damaged rather than a cut-off end: a whole frame of any kind
 * starts there, or a frame of this log follows.
 */
function isDamageAt(bytes: Uint8Array, offset: number, round: number): boolean {
  return (
    isWholeFrame(bytes, offset) ||
    findFrame(bytes, offset + 1, { types: logTypes, round }) !== undefined
  )
}

function areSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false
  return true
}

/** Nothing, or a part of the header and zeros: what a power cut or a full disk leaves. */
function hasNoHeaderYet(bytes: Uint8Array): boolean {
  const written = bytes.findIndex((byte, at) => byte !== logHeader[at])
  if (written < 0) return bytes.length < logHeader.length
  return written < logHeader.length && bytes.subarray(written).every((byte) => byte === 0)
}

function checkHeader(bytes: Uint8Array, where: string): void {
  const own = logHeader.subarray(0, magic.length)
  if (bytes.length < logHeader.length || own.some((byte, index) => byte !== bytes[index]))
    throw new HisoError('RUN_CORRUPT', {
      where,
      what: 'this is not a scalar log of HiSo Studio',
      remedy:
        'Restore the file from a copy, or play the run again: hiso run with this folder as its config, and another folder as --out',
    })
  const version = new ByteReader(bytes, magic.length).uint8()
  if (version < logVersion)
    throw new HisoError('RUN_OLDER', {
      where,
      what: `the log has format version ${version}, this program reads ${logVersion}`,
      remedy: 'Run its config.yaml again, or open it with the HiSo Studio that made it',
    })
  if (version > logVersion)
    throw new HisoError('RUN_NEWER', {
      where,
      what: `the log has format version ${version}, this program reads up to ${logVersion}`,
      remedy: 'Open it with a newer HiSo Studio',
    })
}

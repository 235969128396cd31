/**
 * Reads the messages of a run's file round by round, also while it is being written: an index of
 * offsets grows with the file, and only what is asked for is read and decoded.
 */
import type { Host } from '../base/index.ts'
import {
  decode,
  logHeader,
  logTypes,
  type Answer,
  type LogMessage,
  type Message,
} from '../wire/index.ts'
import { FrameIndex } from './frameIndex.ts'
import { runFiles } from './runFiles.ts'

interface FrameFile {
  readonly name: string
  /** Where the first frame begins. */
  readonly start: number
  /** Of the messages that the file may hold. */
  readonly types: ReadonlySet<Message['type']>
}

export class RoundReader<Kind extends Message> {
  readonly #index: FrameIndex

  constructor({ files }: Pick<Host, 'files'>, path: string, file: FrameFile) {
    const where = files.join(path, file.name)
    this.#index = new FrameIndex({ ...file, folder: files.own(path), where })
  }

  /** The round of the last message, counted from one; 0 for an empty file. */
  rounds(): Promise<number> {
    return this.#index.rounds()
  }

  /**
   * The frames of rounds [from, to), in the order in which they were written.
   * @throws HisoError RUN_CORRUPT where one of them is damaged
   */
  frames(from: number, to: number): AsyncGenerator<Uint8Array> {
    return this.#index.frames(from, to)
  }

  /**
   * The messages of rounds [from, to), in the order in which they were written.
   * @throws HisoError RUN_CORRUPT where one of them is damaged
   */
  async read(from: number, to: number): Promise<Kind[]> {
    const found: Kind[] = []
    // The index holds frames of the file's types alone.
    for await (const frame of this.frames(from, to)) found.push(decode(frame).message as Kind)
    return found
  }
}

export const replyTypes: ReadonlySet<Message['type']> = new Set<Answer['type']>(['reply', 'update'])

const replyFile: FrameFile = { name: runFiles.replies, start: 0, types: replyTypes }

const logFile: FrameFile = {
  name: runFiles.log,
  start: logHeader.length,
  types: logTypes,
}

/** Reads what participants answered, as far as it was kept, in the order it was received in. */
export const openReplies = (host: Pick<Host, 'files'>, path: string) =>
  new RoundReader<Answer>(host, path, replyFile)

/** What participants answered in rounds [from, to), as far as it was kept. */
export const readReplies = (host: Pick<Host, 'files'>, path: string, from: number, to: number) =>
  openReplies(host, path).read(from, to)

/** Reads entries, and changes of settings with the round that they begin with. */
export const openLog = (host: Pick<Host, 'files'>, path: string) =>
  new RoundReader<LogMessage>(host, path, logFile)

/** All messages of a run on disk. */
export class RunFrames {
  readonly log: RoundReader<LogMessage>
  readonly replies: RoundReader<Answer>

  constructor(host: Pick<Host, 'files'>, path: string) {
    this.log = openLog(host, path)
    this.replies = openReplies(host, path)
  }
}

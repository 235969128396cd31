/**
 * Reads the frames of a run's file round by round, also while it is being written: what lies before
 * the last piece that was asked for is not decoded again.
 */
import type { Host } from '../base/index.ts'
import {
  decode,
  isLogMessage,
  logHeader,
  type Answer,
  type LogMessage,
  type Message,
} from '../wire/index.ts'
import { runFiles } from './runFiles.ts'

interface FrameFile<Kind extends Message> {
  readonly name: string
  /** Where the first frame begins. */
  readonly start: number
  /** Whether the file may hold such a message. */
  readonly holds: (message: Message) => message is Kind
}

export class RoundReader<Kind extends Message> {
  readonly #host: Host
  readonly #path: string
  readonly #file: FrameFile<Kind>
  /** Before `offset` there is no message of `round` or a later one. */
  #known: { readonly round: number; readonly offset: number }

  constructor(host: Host, path: string, file: FrameFile<Kind>) {
    this.#host = host
    this.#path = path
    this.#file = file
    this.#known = { round: 0, offset: file.start }
  }

  /** The messages of rounds [from, to), in the order in which they were written. */
  async read(from: number, to: number): Promise<Kind[]> {
    const { files } = this.#host
    const { name, start } = this.#file
    const at = files.join(this.#path, name)
    if ((await files.kind(at)) !== 'file') return []
    const frames = await files.read(at)
    const goesOn = from >= this.#known.round && this.#isFrameAt(frames, this.#known.offset)
    const found: Kind[] = []
    let next = goesOn ? this.#known : { round: 0, offset: start }
    for (const { message, end } of framesIn(frames, this.#file, next.offset)) {
      if (message.round >= to) break
      if (message.round >= from) found.push(message)
      next = { round: message.round + 1, offset: end }
    }
    this.#known = next
    return found
  }

  /** Whether a message, or the end, is at an offset: not so when the file was replaced since. */
  #isFrameAt(frames: Uint8Array, offset: number): boolean {
    return offset === frames.length || !framesIn(frames, this.#file, offset).next().done
  }
}

/** What participants have sent, as far as it was kept. */
export const replyFile: FrameFile<Answer> = {
  name: runFiles.replies,
  start: 0,
  holds: (message) => message.type === 'reply' || message.type === 'update',
}

const logFile: FrameFile<LogMessage> = {
  name: runFiles.log,
  start: logHeader.length,
  holds: isLogMessage,
}

/** Reads what participants answered, in the order in which it was received. */
export const openReplies = (host: Host, path: string) => new RoundReader(host, path, replyFile)

/** What participants answered in rounds [from, to), as far as it was kept. */
export const readReplies = (host: Host, path: string, from: number, to: number) =>
  openReplies(host, path).read(from, to)

/** Reads entries, and changes of settings with the round that they begin with. */
export const openLog = (host: Host, path: string) => new RoundReader(host, path, logFile)

/** Whole messages from an offset on, each with the offset behind it. */
export function* framesIn<Kind extends Message>(
  frames: Uint8Array,
  { start, holds }: FrameFile<Kind>,
  from = start,
): Generator<{ readonly message: Kind; readonly end: number }> {
  for (let offset = from; offset < frames.length;) {
    try {
      const { message, end } = decode(frames, offset)
      if (!holds(message)) return
      yield { message, end }
      offset = end
    } catch {
      return
    }
  }
}

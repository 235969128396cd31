/**
 * Where the frames of a growing file lie, so that some rounds of it can be read without the rest:
 * only heads are read on the way there, and only behind what is known already.
 */
import { crc32, HisoError, type OwnFiles } from '../base/index.ts'
import { findFrame, headAt, type FrameHead, type Message } from '../wire/index.ts'

export interface IndexedFile {
  readonly folder: OwnFiles
  readonly name: string
  /** The file, for messages. */
  readonly where: string
  readonly types: ReadonlySet<Message['type']>
  /** Where the first frame begins. */
  readonly start: number
}

/** Bytes that are read at once. */
const pieceBytes = 2 ** 18
/** More than any head takes. */
const headBytes = 32
/** One offset is kept for this many rounds. */
const roundsPerMark = 64

interface Mark {
  readonly round: number
  readonly offset: number
}

interface Placed {
  readonly head: FrameHead
  readonly offset: number
  /** The frame, where all of it was read along with its head. */
  readonly frame: Uint8Array | undefined
}

export class FrameIndex {
  readonly #file: IndexedFile
  /** By ascending round: before `offset` there is no frame of `round` or a later one. */
  #marks: Mark[] = []
  #scanned: number
  #rounds = 0
  /** The size that the file had when nothing was found behind `scanned`. */
  #triedSize = 0

  constructor(file: IndexedFile) {
    this.#file = file
    this.#scanned = file.start
  }

  /** The round of the last frame, counted from one; 0 for an empty file. */
  async rounds(): Promise<number> {
    await this.#extend()
    return this.#rounds
  }

  /**
   * The frames of the rounds [from, to), as far as the file holds them.
   * @throws HisoError RUN_CORRUPT where one of them is damaged
   */
  async *frames(from: number, to: number): AsyncGenerator<Uint8Array> {
    const size = await this.#extend()
    const { folder, name } = this.#file
    const start = this.#markBefore(from).offset
    for await (const { head, offset, frame: read } of this.#heads(start, this.#scanned)) {
      if (head.round >= to) return
      if (head.round < from) continue
      const frame = read ?? (await folder.part(name, offset, head.end))
      if (!isWhole(frame, head, offset)) throw this.#damaged(head.round)
      yield frame
    }
    if (to > this.#rounds && size > this.#scanned && (await this.#isDamaged(size)))
      throw this.#damaged(this.#rounds)
  }

  /** @returns the size of the file */
  async #extend(): Promise<number> {
    const { folder, name, start } = this.#file
    const size = (await folder.size(name)) ?? 0
    if (size < this.#scanned || !(await this.#isSame())) {
      // Another file has taken its place.
      this.#marks = []
      this.#scanned = start
      this.#rounds = 0
      this.#triedSize = 0
    }
    for await (const { head, offset } of this.#heads(this.#scanned, size)) {
      const last = this.#marks.at(-1)
      if (last === undefined || head.round >= last.round + roundsPerMark)
        this.#marks.push({ round: head.round, offset })
      this.#rounds = Math.max(this.#rounds, head.round + 1)
      this.#scanned = head.end
    }
    return size
  }

  /** Whether what the last mark says is still so. */
  async #isSame(): Promise<boolean> {
    const last = this.#marks.at(-1)
    if (last === undefined) return true
    for await (const { head } of this.#heads(last.offset, this.#scanned))
      return head.round === last.round
    return false
  }

  /** The heads from an offset on, up to where there is none. */
  async *#heads(from: number, size: number): AsyncGenerator<Placed> {
    const { folder, name, types } = this.#file
    let lastRound = 0
    for (let offset = from; offset < size;) {
      const piece = await folder.part(name, offset, Math.min(size, offset + pieceBytes))
      const isLast = offset + piece.length >= size
      let at = 0
      while (at < piece.length && (isLast || at + headBytes <= piece.length)) {
        const head = headAt(piece, at, size - offset)
        if (head === undefined || !types.has(head.type) || head.round < lastRound) return
        lastRound = head.round
        yield {
          offset: offset + at,
          frame: head.end <= piece.length ? piece.slice(at, head.end) : undefined,
          head: { ...head, contentEnd: offset + head.contentEnd, end: offset + head.end },
        }
        at = head.end
      }
      if (at === 0) return
      offset += at
    }
  }

  #markBefore(round: number): Mark {
    let [low, high] = [0, this.#marks.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#marks[middle]!.round < round) low = middle + 1
      else high = middle
    }
    return this.#marks[low - 1] ?? { round: 0, offset: this.#file.start }
  }

  /**
   * Whether the bytes behind the last frame are more than one that is being written: looked at once
   * for each size.
   */
  async #isDamaged(size: number): Promise<boolean> {
    if (size === this.#triedSize) return false
    const { folder, name, types } = this.#file
    const rest = await folder.part(name, this.#scanned, size)
    const wanted = { types, round: Math.max(0, this.#rounds - 1) }
    if (findFrame(rest, 0, wanted) !== undefined) return true
    this.#triedSize = size
    return false
  }

  #damaged(round: number): HisoError {
    return new HisoError('RUN_CORRUPT', {
      where: `${this.#file.where}, round ${round + 1}`,
      what: 'the file is damaged there (the checksum does not match)',
      remedy: 'hiso resume says what can be done about it',
    })
  }
}

function isWhole(frame: Uint8Array, head: FrameHead, offset: number): boolean {
  const length = head.contentEnd - offset
  if (frame.length < length + 4) return false
  const written = new DataView(frame.buffer, frame.byteOffset + length, 4).getUint32(0, true)
  return crc32(frame.subarray(0, length)) === written
}

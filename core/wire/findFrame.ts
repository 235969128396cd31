/**
 * Finds a whole frame in a stretch of bytes, to distinguish damage inside a file from a cut-off
 * end. The work is proportional to the number of bytes, whatever they hold.
 */
import { crc32 } from '../base/index.ts'
import { StretchChecksums } from './checksum.ts'
import { headAt, type FrameHead } from './codec.ts'
import type { Message } from './message.ts'

/** Type, length, round, at least one more byte, checksum. */
const leastFrameBytes = 8

export interface WantedFrame {
  readonly types: ReadonlySet<Message['type']>
  /** The smallest round to accept. */
  readonly round: number
}

/**
 * The first frame from `offset` on with a plausible head and a correct checksum. Does not look at
 * its content. The numbers of a vector can look like a head, so a round that the bytes before it
 * cannot reach does not count.
 */
export function findFrame(
  bytes: Uint8Array,
  offset: number,
  { types, round }: WantedFrame,
): (FrameHead & { readonly start: number }) | undefined {
  const searched = bytes.subarray(offset)
  let checksums: StretchChecksums | undefined
  for (let start = 0; start < searched.length; start++) {
    const head = headAt(searched, start)
    if (head === undefined || !types.has(head.type)) continue
    const lastRound = round + 1 + start / leastFrameBytes
    if (head.round < round || head.round > lastRound) continue
    checksums ??= new StretchChecksums(searched)
    if (checksums.of(start, head.contentEnd) !== uint32At(searched, head.contentEnd)) continue
    return {
      ...head,
      start: start + offset,
      contentEnd: head.contentEnd + offset,
      end: head.end + offset,
    }
  }
  return undefined
}

/** Whether the bytes at `offset` are a frame with a correct checksum, whatever its content. */
export function isWholeFrame(bytes: Uint8Array, offset: number): boolean {
  const head = headAt(bytes, offset)
  return (
    head !== undefined &&
    crc32(bytes.subarray(offset, head.contentEnd)) === uint32At(bytes, head.contentEnd)
  )
}

function uint32At(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0, true)
}

/**
 * Looks for a whole frame anywhere in some bytes, to tell damage in the middle of a file from an
 * end that was cut off. The work is proportional to the bytes, whatever they are.
 */
import { crc32, StretchChecksums } from './checksum.ts'
import { headAt, type FrameHead } from './codec.ts'
import type { Message } from './message.ts'

/** Type, length, round, something, checksum. */
const leastFrameBytes = 8

export interface WantedFrame {
  readonly types: ReadonlySet<Message['type']>
  /** Of this round or a later one. */
  readonly round: number
}

/**
 * The first frame from `offset` on whose head is plausible and whose checksum is right; its content
 * is not looked at. Numbers of a vector can look like a head: rounds that can't be reached in the
 * bytes before are not believed, nor are checksums that don't match.
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

/** Whether the bytes at `offset` are a frame with the right checksum, whatever is in it. */
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

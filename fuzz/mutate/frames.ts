/**
 * Ways to spoil frames of the codec so that their checksums are right: only their content is odd.
 */
import { crc32 } from '../../core/base/index.ts'
import type { Draw } from '../draw.ts'
import type { Mutator } from '../target.ts'
import { anyBytes, joined } from './bytes.ts'

const checksumBytes = 4

/** @param header bytes before the first frame */
export function frameMutators(header: number): readonly Mutator[] {
  const onFrames =
    (change: (frames: Uint8Array[], draw: Draw, others: readonly Uint8Array[]) => void): Mutator =>
    (bytes, draw, others) => {
      const frames = framesOf(bytes, header)
      if (frames.length === 0) return bytes
      change(frames, draw, others)
      return joined(bytes.subarray(0, header), ...frames)
    }
  const other = (others: readonly Uint8Array[], draw: Draw): Uint8Array[] =>
    framesOf(draw.pick(others), header)
  return [
    onFrames((frames, draw) => {
      frames.splice(draw.below(frames.length), draw.length(3))
    }),
    onFrames((frames, draw) => {
      frames.splice(draw.below(frames.length + 1), 0, draw.pick(frames))
    }),
    onFrames((frames, draw) => {
      const [at, to] = [draw.below(frames.length), draw.below(frames.length)]
      ;[frames[at], frames[to]] = [frames[to]!, frames[at]!]
    }),
    onFrames((frames, draw, others) => {
      const foreign = other(others, draw)
      if (foreign.length > 0) frames[draw.below(frames.length)] = draw.pick(foreign)
    }),
    onFrames((frames, draw) => {
      const at = draw.below(frames.length)
      frames[at] = resealed(frames[at]!, draw)
    }),
  ]
}

/** A frame with a spoiled content, or another type, and the checksum of that. */
function resealed(frame: Uint8Array, draw: Draw): Uint8Array {
  const content = contentOf(frame)
  const spoiled = draw.pick(anyBytes)(content, draw, [content])
  return sealed(draw.oneIn(4) ? draw.below(20) : frame[0]!, spoiled)
}

function sealed(type: number, content: Uint8Array): Uint8Array {
  const length: number[] = []
  let left = content.length
  for (; left >= 0x80; left = Math.floor(left / 0x80)) length.push((left % 0x80) | 0x80)
  const body = joined(Uint8Array.of(type, ...length, left), content)
  const checksum = new Uint8Array(checksumBytes)
  new DataView(checksum.buffer).setUint32(0, crc32(body), true)
  return joined(body, checksum)
}

/** Read without the codec, which is what is tried here. */
function framesOf(bytes: Uint8Array, header: number): Uint8Array[] {
  const frames: Uint8Array[] = []
  for (let at = header; at < bytes.length;) {
    const head = headAt(bytes, at)
    const end = head.start + head.length + checksumBytes
    if (!(end <= bytes.length)) break
    frames.push(bytes.subarray(at, end))
    at = end
  }
  return frames
}

function contentOf(frame: Uint8Array): Uint8Array {
  const { start, length } = headAt(frame, 0)
  return frame.subarray(start, start + length)
}

function headAt(
  bytes: Uint8Array,
  at: number,
): { readonly start: number; readonly length: number } {
  let length = 0
  let start = at + 1
  for (let scale = 1; ; scale *= 0x80) {
    const byte = bytes[start++] ?? 0
    length += (byte & 0x7f) * scale
    if (byte < 0x80 || scale > 2 ** 42) return { start, length }
  }
}

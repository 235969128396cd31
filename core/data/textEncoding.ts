/**
 * How a file of text is encoded: UTF-8, or UTF-16 with the mark that spreadsheets and Windows write
 * at its beginning.
 */
import { HisoError } from '../base/index.ts'

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be'

/**
 * Told by the first bytes.
 * @throws HisoError DATA_INVALID for UTF-16 without its mark, and for UTF-32
 */
export function encodingOf(head: Uint8Array, file: string): TextEncoding {
  const [first, second] = head
  if (isUtf32(head))
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'is text in UTF-32',
      remedy: 'Save it again in UTF-8',
    })
  if (first === 0xff && second === 0xfe) return 'utf-16le'
  if (first === 0xfe && second === 0xff) return 'utf-16be'
  if (isUnmarked(head))
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'is text in UTF-16 without the mark at its beginning that says so',
      remedy: 'Save it again in UTF-8',
    })
  return 'utf-8'
}

/** Its marks: that of UTF-16 and two zeros, or the same backwards. */
const isUtf32 = ([a, b, c, d]: Uint8Array): boolean =>
  (a === 0xff && b === 0xfe && c === 0 && d === 0) ||
  (a === 0 && b === 0 && c === 0xfe && d === 0xff)

/** @returns the pieces as they are, or in UTF-8 where they are not, wherever they are cut */
export async function* inUtf8(
  pieces: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
  file: string,
): AsyncGenerator<Uint8Array> {
  if (encoding === 'utf-8') {
    yield* pieces
    return
  }
  const decoder = new TextDecoder(encoding, { fatal: true })
  const encoder = new TextEncoder()
  const decode = (piece?: Uint8Array) => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true })
    } catch (cause) {
      throw new HisoError('DATA_INVALID', {
        where: file,
        what: 'is not the text in UTF-16 that it says it is',
        remedy: 'Save it again in UTF-8',
        cause,
      })
    }
  }
  for await (const piece of pieces) yield encoder.encode(decode(piece))
  yield encoder.encode(decode())
}

/** Letters that are looked at. */
const sampled = 64

/** Whether every other byte is zero, as of Latin letters in UTF-16. */
function isUnmarked(head: Uint8Array): boolean {
  const bytes = head.subarray(0, 2 * sampled)
  if (bytes.length < 4) return false
  const pairs = Math.floor(bytes.length / 2)
  const zeros = [0, 0]
  for (let at = 0; at < 2 * pairs; at++) if (bytes[at] === 0) zeros[at % 2]!++
  const [even, odd] = zeros as [number, number]
  return (even === 0 && odd > 0.7 * pairs) || (odd === 0 && even > 0.7 * pairs)
}

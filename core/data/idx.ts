/**
 * The idx format of MNIST and its relatives: unsigned bytes behind a header of big-endian
 * dimensions. Reading only.
 */
import { HisoError } from '../base/index.ts'

export interface IdxImages {
  readonly count: number
  readonly height: number
  readonly width: number
  /** count × height × width grey values, a view of the file's bytes. */
  readonly pixels: Uint8Array
}

const elementTypes: Readonly<Record<number, string>> = {
  0x08: 'unsigned byte',
  0x09: 'signed byte',
  0x0b: 'int16',
  0x0c: 'int32',
  0x0d: 'float32',
  0x0e: 'float64',
}

/**
 * @param bytes an unpacked idx3-ubyte file
 * @param file its name, for messages
 * @throws HisoError DATA_INVALID for another format, element type or number of dimensions, and for
 *   a wrong length
 */
export function parseIdxImages(bytes: Uint8Array, file: string): IdxImages {
  const [count, height, width] = parseHeader(bytes, file, 3, 'images') as [number, number, number]
  if (height * width === 0)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: `holds images of ${height} × ${width} pixels`,
      remedy: 'Use images with at least one pixel',
    })
  return { count, height, width, pixels: bytes.subarray(16) }
}

/**
 * @param bytes an unpacked idx1-ubyte file
 * @param file its name, for messages
 * @returns one label per sample, a view of the file's bytes
 * @throws HisoError DATA_INVALID for another format, element type or number of dimensions, and for
 *   a wrong length
 */
export function parseIdxLabels(bytes: Uint8Array, file: string): Uint8Array {
  parseHeader(bytes, file, 1, 'labels')
  return bytes.subarray(8)
}

/** Whether the bytes begin like an idx file. */
export function looksLikeIdx(bytes: Uint8Array): boolean {
  return bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && bytes[2]! in elementTypes
}

function parseHeader(
  bytes: Uint8Array,
  file: string,
  dimensions: 1 | 3,
  content: 'images' | 'labels',
): number[] {
  const invalid = (what: string, remedy: string) =>
    new HisoError('DATA_INVALID', { where: file, what, remedy })

  if (bytes.length < 4)
    throw invalid(
      `is cut short: it has ${bytes.length} bytes, less than an idx header`,
      'Copy or download the file again',
    )
  if (!looksLikeIdx(bytes)) {
    const start = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0'))
    throw invalid(
      `is not an idx file: it starts with the bytes ${start.join(' ')}`,
      'Give files in the format of MNIST, plain or packed as .gz',
    )
  }
  if (bytes[2] !== 0x08)
    throw invalid(
      `holds values of type ${elementTypes[bytes[2]!]}, but only unsigned bytes can be read`,
      'Convert the values to bytes from 0 to 255, or give the data as a CSV file',
    )
  if (bytes[3] !== dimensions)
    throw invalid(
      `has ${bytes[3]} dimension${bytes[3] === 1 ? '' : 's'}, but ${content} have ${dimensions}`,
      bytes[3] === 1 || bytes[3] === 3
        ? 'Check that the files of images and of labels are not swapped'
        : 'Convert the images to grey values: samples × height × width',
    )
  const headerLength = 4 + 4 * dimensions
  if (bytes.length < headerLength)
    throw invalid(
      `is cut short: it has ${bytes.length} bytes, less than its header of ${headerLength}`,
      'Copy or download the file again',
    )
  const view = new DataView(bytes.buffer, bytes.byteOffset, headerLength)
  const sizes = Array.from({ length: dimensions }, (_, index) => view.getUint32(4 + 4 * index))
  const expected = headerLength + sizes.reduce((product, size) => product * size, 1)
  if (bytes.length < expected)
    throw invalid(
      `is cut short: its header announces ${expected} bytes (${sizes.join(' × ')} ${content}), but it has ${bytes.length}`,
      'Copy or download the file again',
    )
  if (bytes.length > expected)
    throw invalid(
      `has ${bytes.length - expected} bytes more than its header announces (${sizes.join(' × ')} ${content})`,
      'Copy or download the file again',
    )
  if (sizes[0] === 0) throw invalid(`holds no ${content}`, 'Give a file with samples')
  return sizes
}

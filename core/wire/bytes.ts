/** Sequential little-endian writing and reading of bytes, with LEB128 varints for counts; and CRC-32 as zlib computes it. */
import { HisoError } from '../base/index.ts'

export class ByteWriter {
  #bytes: Uint8Array
  #view: DataView
  #length = 0

  /** @param capacity bytes that there is room for at once; more are made room for as they come */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity)
    this.#view = new DataView(this.#bytes.buffer)
  }

  get length(): number {
    return this.#length
  }

  uint8(value: number): void {
    const at = this.#reserve(1)
    this.#bytes[at] = value
  }

  int8(value: number): void {
    const at = this.#reserve(1)
    this.#view.setInt8(at, value)
  }

  uint16(value: number): void {
    const at = this.#reserve(2)
    this.#view.setUint16(at, value, true)
  }

  uint32(value: number): void {
    const at = this.#reserve(4)
    this.#view.setUint32(at, value, true)
  }

  float32(value: number): void {
    const at = this.#reserve(4)
    this.#view.setFloat32(at, value, true)
  }

  float64(value: number): void {
    const at = this.#reserve(8)
    this.#view.setFloat64(at, value, true)
  }

  /** Unsigned LEB128, below 2^53. */
  varint(value: number): void {
    while (value >= 0x80) {
      this.uint8((value % 0x80) | 0x80)
      value = Math.floor(value / 0x80)
    }
    this.uint8(value)
  }

  bytes(bytes: Uint8Array): void {
    const at = this.#reserve(bytes.length)
    this.#bytes.set(bytes, at)
  }

  /** Float32 after float32, as they lie in memory: little-endian on every machine that runs this. */
  float32s(values: Float32Array): void {
    this.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }

  /** What was written so far; a view that the next write may invalidate. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** A copy of all that was written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** Makes room; may replace `#bytes` and `#view`, so call it before they are read. */
  #reserve(size: number): number {
    const at = this.#length
    if (at + size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, at + size))
      grown.set(this.#bytes)
      this.#bytes = grown
      this.#view = new DataView(grown.buffer)
    }
    this.#length += size
    return at
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  offset: number

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.offset = offset
  }

  get remaining(): number {
    return this.#bytes.length - this.offset
  }

  uint8(): number {
    return this.#view.getUint8(this.#advance(1))
  }

  int8(): number {
    return this.#view.getInt8(this.#advance(1))
  }

  uint16(): number {
    return this.#view.getUint16(this.#advance(2), true)
  }

  uint32(): number {
    return this.#view.getUint32(this.#advance(4), true)
  }

  float32(): number {
    return this.#view.getFloat32(this.#advance(4), true)
  }

  float64(): number {
    return this.#view.getFloat64(this.#advance(8), true)
  }

  varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.uint8()
      value += (byte & 0x7f) * scale
      if (byte < 0x80 && value <= Number.MAX_SAFE_INTEGER) return value
      if (scale >= 2 ** 49) throw corrupt('a count is longer than 53 bits')
    }
  }

  bytes(length: number): Uint8Array {
    const at = this.#advance(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** A copy, aligned as arrays of float32 must be. */
  float32s(count: number): Float32Array {
    return new Float32Array(this.bytes(4 * count).slice().buffer)
  }

  #advance(size: number): number {
    if (size > this.remaining) throw corrupt('the message ends too early')
    const at = this.offset
    this.offset += size
    return at
  }
}

export function corrupt(what: string): HisoError {
  return new HisoError('WIRE_CORRUPT', { what })
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  for (let bit = 0; bit < 8; bit++) byte = byte & 1 ? (byte >>> 1) ^ 0xedb88320 : byte >>> 1
  return byte
})

/** CRC-32 (IEEE 802.3, reflected), the one of zlib and PNG. */
export function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ crcTable[(crc ^ byte) & 0xff]!
  return ~crc >>> 0
}

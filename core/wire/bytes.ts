/** Sequential little-endian writing and reading of bytes, with LEB128 varints for counts. */
import { HisoError } from '../base/index.ts'

/**
 * Converts between numbers and bytes. One shared view: a view of each message's own buffer would
 * cost more than the message.
 */
const cell = new DataView(new ArrayBuffer(8))
const cellBytes = new Uint8Array(cell.buffer)

/** The buffer that a writer keeps from one message to the next. */
const keptRoom = 65_536

export class ByteWriter {
  #bytes: Uint8Array
  #length = 0

  /** @param capacity bytes to allocate at once; the buffer grows as needed */
  constructor(capacity = 256) {
    this.#bytes = new Uint8Array(capacity)
  }

  get length(): number {
    return this.#length
  }

  uint8(value: number): void {
    const at = this.#reserve(1)
    this.#bytes[at] = value
  }

  int8(value: number): void {
    cell.setInt8(0, value)
    this.#put(1)
  }

  uint16(value: number): void {
    cell.setUint16(0, value, true)
    this.#put(2)
  }

  uint32(value: number): void {
    cell.setUint32(0, value, true)
    this.#put(4)
  }

  float32(value: number): void {
    cell.setFloat32(0, value, true)
    this.#put(4)
  }

  float64(value: number): void {
    cell.setFloat64(0, value, true)
    this.#put(8)
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

  /**
   * Float32 after float32, as they lie in memory: little-endian on every machine that runs this.
   */
  float32s(values: Float32Array): void {
    this.bytes(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
  }

  /** What was written so far, as a view that the next write may invalidate. */
  get written(): Uint8Array {
    return this.#bytes.subarray(0, this.#length)
  }

  /** A copy of all bytes written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  /** Starts over; overwrites what `written` returned before. */
  clear(): void {
    this.#length = 0
    if (this.#bytes.length > keptRoom) this.#bytes = new Uint8Array(keptRoom)
  }

  #put(size: number): void {
    const at = this.#reserve(size)
    for (let i = 0; i < size; i++) this.#bytes[at + i] = cellBytes[i]!
  }

  /** Makes room. May replace `#bytes`, so call it before reading them. */
  #reserve(size: number): number {
    const at = this.#length
    if (at + size > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(this.#bytes.length * 2, at + size))
      grown.set(this.#bytes)
      this.#bytes = grown
    }
    this.#length += size
    return at
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array
  offset: number

  constructor(bytes: Uint8Array, offset = 0) {
    this.#bytes = bytes
    this.offset = offset
  }

  get remaining(): number {
    return this.#bytes.length - this.offset
  }

  uint8(): number {
    return this.#bytes[this.#advance(1)]!
  }

  int8(): number {
    this.#fetch(1)
    return cell.getInt8(0)
  }

  uint16(): number {
    this.#fetch(2)
    return cell.getUint16(0, true)
  }

  uint32(): number {
    this.#fetch(4)
    return cell.getUint32(0, true)
  }

  float32(): number {
    this.#fetch(4)
    return cell.getFloat32(0, true)
  }

  float64(): number {
    this.#fetch(8)
    return cell.getFloat64(0, true)
  }

  /** Accepts the shortest form only, so that equal messages have equal bytes. */
  varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.uint8()
      if (byte === 0 && scale > 1) throw corrupt('a count is written with more bytes than it needs')
      value += (byte & 0x7f) * scale
      if (byte < 0x80 && value <= Number.MAX_SAFE_INTEGER) return value
      if (scale >= 2 ** 49) throw corrupt('a count is longer than 53 bits')
    }
  }

  bytes(length: number): Uint8Array {
    const at = this.#advance(length)
    return this.#bytes.subarray(at, at + length)
  }

  /** Whether what was read from `start` on is these bytes. */
  isAt(start: number, bytes: Uint8Array): boolean {
    if (this.offset - start !== bytes.length) return false
    return bytes.every((byte, at) => byte === this.#bytes[start + at])
  }

  /** A copy, aligned as float32 arrays require. */
  float32s(count: number): Float32Array {
    return new Float32Array(this.bytes(4 * count).slice().buffer)
  }

  #fetch(size: number): void {
    const at = this.#advance(size)
    for (let i = 0; i < size; i++) cellBytes[i] = this.#bytes[at + i]!
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

/**
 * Reads the whole numbers of a message in Thrift's compact protocol, in which Parquet files
 * describe themselves, and passes over everything else.
 */

/** Fields by number: numbers, and the fields of messages inside. */
export type ThriftFields = ReadonlyMap<number, number | ThriftFields>

/** Messages and lists in each other. */
const DEEPEST = 16

export class BytesEnded extends Error {}

/** A place in bytes that moves on as they are read. */
export class Cursor {
  readonly bytes: Uint8Array
  at: number

  constructor(bytes: Uint8Array, at = 0) {
    this.bytes = bytes
    this.at = at
  }

  get remaining(): number {
    return this.bytes.length - this.at
  }

  /** @throws BytesEnded */
  byte(): number {
    const byte = this.bytes[this.at++]
    if (byte === undefined) throw new BytesEnded()
    return byte
  }

  /** Little-endian. @throws BytesEnded */
  uint32(): number {
    return this.byte() + this.byte() * 2 ** 8 + this.byte() * 2 ** 16 + this.byte() * 2 ** 24
  }

  /** Unsigned LEB128. @throws BytesEnded */
  varint(): number {
    let value = 0
    for (let scale = 1; ; scale *= 0x80) {
      const byte = this.byte()
      value += (byte & 0x7f) * scale
      if (byte < 0x80) return value
    }
  }

  /** @throws BytesEnded, so that no list of skipped values is followed beyond the bytes */
  skip(length: number): void {
    if (length > this.remaining) throw new BytesEnded()
    this.at += length
  }
}

/** Types of fields. */
const TRUE = 1
const FALSE = 2
const DOUBLE = 7
const BINARY = 8
const LIST = 9
const SET = 10
const STRUCT = 12

/** @throws BytesEnded also for what can't be such a message */
export function readThrift(from: Cursor, depth = 0): ThriftFields {
  const fields = new Map<number, number | ThriftFields>()
  if (depth >= DEEPEST) throw new BytesEnded()
  for (let number = 0; ;) {
    const head = from.byte()
    const type = head & 0x0f
    if (type === 0) return fields
    number = head >> 4 === 0 ? signed(from.varint()) : number + (head >> 4)
    const value = readValue(from, type, depth)
    if (value !== undefined) fields.set(number, value)
  }
}

function readValue(from: Cursor, type: number, depth: number): number | ThriftFields | undefined {
  switch (type) {
    case TRUE:
      return 1
    case FALSE:
      return 0
    case 3:
      return from.byte()
    case 4:
    case 5:
    case 6:
      return signed(from.varint())
    case DOUBLE:
      from.skip(8)
      return undefined
    case BINARY:
      from.skip(from.varint())
      return undefined
    case LIST:
    case SET: {
      if (depth >= DEEPEST) throw new BytesEnded()
      const head = from.byte()
      const element = head & 0x0f
      const length = head >> 4 === 15 ? from.varint() : head >> 4
      for (let left = length; left > 0; left--)
        if (element === TRUE || element === FALSE) from.byte()
        else readValue(from, element, depth + 1)
      return undefined
    }
    case STRUCT:
      return readThrift(from, depth + 1)
    default:
      throw new BytesEnded()
  }
}

const signed = (value: number) => (value % 2 === 0 ? value / 2 : -(value + 1) / 2)

/**
 * Any plain data as bytes and back: what workers on other machines are asked and answer, besides
 * the frames in it. One byte says what follows; lengths are varints. What arrives may come from
 * anywhere, so nothing here trusts a length.
 */
import { ByteReader, ByteWriter, corrupt } from './bytes.ts'

/** What passes: plain objects, lists, texts, numbers, and numbers in arrays. */
export type PlainData =
  | undefined
  | null
  | boolean
  | number
  | string
  | Uint8Array
  | Int32Array
  | Uint32Array
  | Float32Array
  | Float64Array
  | readonly PlainData[]
  | { readonly [key: string]: PlainData }

const kinds = {
  undefined: 0,
  null: 1,
  false: 2,
  true: 3,
  number: 4,
  text: 5,
  list: 6,
  object: 7,
} as const

/** Arrays of numbers: the kinds from here on, in this order. */
const arrays = [Uint8Array, Int32Array, Uint32Array, Float32Array, Float64Array] as const
const firstArray = 8

/** Deeper than anything that is sent. */
const mostNested = 32

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { fatal: true })

export function encodeData(value: unknown): Uint8Array {
  const writer = new ByteWriter()
  write(writer, value, 0)
  return writer.take()
}

/** @throws HisoError WIRE_CORRUPT */
export function decodeData(bytes: Uint8Array): PlainData {
  const reader = new ByteReader(bytes)
  const value = read(reader, 0)
  if (reader.remaining > 0) throw corrupt('there is more behind the end of the message')
  return value
}

function write(writer: ByteWriter, value: unknown, depth: number): void {
  if (depth > mostNested) throw new Error('data is nested too deep to be sent')
  if (value === undefined) writer.uint8(kinds.undefined)
  else if (value === null) writer.uint8(kinds.null)
  else if (typeof value === 'boolean') writer.uint8(value ? kinds.true : kinds.false)
  else if (typeof value === 'number') {
    writer.uint8(kinds.number)
    writer.float64(value)
  } else if (typeof value === 'string') {
    writer.uint8(kinds.text)
    writeText(writer, value)
  } else if (ArrayBuffer.isView(value)) writeArray(writer, value)
  else if (Array.isArray(value)) {
    writer.uint8(kinds.list)
    writer.varint(value.length)
    for (const item of value) write(writer, item, depth + 1)
  } else if (typeof value === 'object') {
    const entries = Object.entries(value)
    writer.uint8(kinds.object)
    writer.varint(entries.length)
    for (const [key, item] of entries) {
      writeText(writer, key)
      write(writer, item, depth + 1)
    }
  } else throw new Error(`a ${typeof value} can't be sent`)
}

function writeText(writer: ByteWriter, text: string): void {
  const bytes = encoder.encode(text)
  writer.varint(bytes.length)
  writer.bytes(bytes)
}

function writeArray(writer: ByteWriter, value: ArrayBufferView): void {
  const index = arrays.findIndex((type) => value instanceof type)
  if (index === -1) throw new Error(`a ${value.constructor.name} can't be sent`)
  writer.uint8(firstArray + index)
  writer.varint(value.byteLength)
  writer.bytes(new Uint8Array(value.buffer, value.byteOffset, value.byteLength))
}

function read(reader: ByteReader, depth: number): PlainData {
  if (depth > mostNested) throw corrupt('the message is nested too deep')
  const kind = reader.uint8()
  switch (kind) {
    case kinds.undefined:
      return undefined
    case kinds.null:
      return null
    case kinds.false:
      return false
    case kinds.true:
      return true
    case kinds.number:
      return reader.float64()
    case kinds.text:
      return readText(reader)
    case kinds.list:
      return Array.from({ length: lengthOf(reader) }, () => read(reader, depth + 1))
    case kinds.object:
      return Object.fromEntries(
        Array.from({ length: lengthOf(reader) }, () => [readText(reader), read(reader, depth + 1)]),
      )
    default:
      return readArray(reader, kind - firstArray)
  }
}

/** Each item takes a byte at least. */
function lengthOf(reader: ByteReader): number {
  const length = reader.varint()
  if (length > reader.remaining) throw corrupt('the message ends too early')
  return length
}

function readText(reader: ByteReader): string {
  try {
    return decoder.decode(reader.bytes(lengthOf(reader)))
  } catch (cause) {
    if (cause instanceof TypeError) throw corrupt('a text is not UTF-8')
    throw cause
  }
}

function readArray(reader: ByteReader, index: number): PlainData {
  const type = arrays[index]
  if (type === undefined) throw corrupt('the message holds something unknown')
  const length = lengthOf(reader)
  if (length % type.BYTES_PER_ELEMENT !== 0) throw corrupt('an array ends within a number')
  // A copy, aligned as arrays of numbers require.
  return new type(reader.bytes(length).slice().buffer)
}

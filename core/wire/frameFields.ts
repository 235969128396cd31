/**
 * Splits a frame into labelled stretches of bytes, so that people can see what each of them means.
 */
import { assertNever } from '../base/index.ts'
import { ByteReader } from './bytes.ts'
import { decode } from './codec.ts'
import type { Entry, Reply } from './message.ts'
import { scalarFormats } from './precision.ts'
import type { Snapshot } from './snapshotMessage.ts'
import type { PackedVector } from './vectorMessage.ts'

export interface FrameField {
  readonly label: string
  readonly offset: number
  readonly length: number
  /** For people. */
  readonly value: string
}

/** Rounds and clients are counted from one on screen, and from zero in the bytes. */
function fromOne(sent: number): string {
  return `${sent + 1} (sent as ${sent}, counted from 0)`
}

/**
 * The fields of one whole frame, in order and without gaps.
 * @throws HisoError WIRE_CORRUPT
 */
export function frameFields(frame: Uint8Array): FrameField[] {
  const { message } = decode(frame)
  const reader = new ByteReader(frame)
  const fields: FrameField[] = []
  const take = (label: string, read: () => number | string) => {
    const offset = reader.offset
    const value = String(read())
    fields.push({ label, offset, length: reader.offset - offset, value })
  }
  const varint = () => reader.varint()
  const seed = () => reader.uint32()

  // The values of the decoded message. The bits alone would not do: an int8 needs its scale, and
  // several scalars may share a byte.
  const takeScalars = (
    symbol: string,
    scalars: Float32Array,
    { precision = 'float32', scalarsPerStep }: Reply | Entry,
  ) => {
    const { scaleBytes, bitsPerScalar } = scalarFormats[precision]
    if (precision !== 'float32') take('precision', () => (reader.uint8(), precision))
    if (scaleBytes > 0) take('scale', () => `2^${reader.int8()}`)
    const together = Math.max(1, 8 / bitsPerScalar)
    for (let at = 0; at < scalars.length; at += together) {
      const values = scalars.subarray(at, at + together)
      take(scalarLabel(symbol, at, values.length, scalarsPerStep), () => {
        reader.bytes(Math.ceil(bitsPerScalar / 8))
        return values.join(', ')
      })
    }
  }

  take('type', () => (reader.uint8(), message.type))
  take('payload length', () => `${reader.varint()} B`)
  take('round', () => fromOne(reader.varint()))
  switch (message.type) {
    case 'assignment':
      take('local steps τ', varint)
      take('seed', seed)
      break
    case 'reply': {
      take('client', () => fromOne(reader.varint()))
      take('scalars per step', varint)
      take('local steps τ', varint)
      takeScalars('g', message.scalars, message)
      break
    }
    case 'entry':
      take('scalars per step', varint)
      take('local steps τ', varint)
      take('seed', seed)
      takeScalars('ḡ', message.aggregates, message)
      break
    case 'change':
      take('setting', () => (reader.uint8(), message.setting))
      take('value', () => reader.float64())
      break
    case 'hello':
      take('fingerprint', () => hexOf(reader.bytes(message.fingerprint.length)))
      if (message.protocol > 1) take('protocol', varint)
      break
    case 'model':
      take('vectors', varint)
      take('dimension d', varint)
      for (const [at, vector] of message.vectors.entries())
        take(vectorLabel('x', at), () => floats(reader, vector.length))
      break
    case 'update':
      take('client', () => fromOne(reader.varint()))
      take('vectors', varint)
      for (const [at, vector] of message.vectors.entries())
        takePacked(take, reader, vectorLabel('Δx', at), vector)
      break
    case 'vectorEntry':
      take('dimension d', varint)
      take('numbers', varint)
      if (message.aggregate.length > 0)
        take('vector mean Δx', () => floats(reader, message.aggregate.length))
      take('clients with vectors', varint)
      for (const { vector } of message.clientVectors) {
        take('client', () => fromOne(reader.varint()))
        take('vector Δc', () => floats(reader, vector.length))
      }
      if (message.control.length > 0)
        take('vector aggregated Δc', () => floats(reader, message.control.length))
      break
    case 'snapshot':
      takeSnapshot(take, reader, message)
      break
    default:
      assertNever(message)
  }
  take('checksum', () => `CRC-32 ${reader.uint32().toString(16).padStart(8, '0')}`)
  return fields
}

const hexOf = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

type Take = (label: string, read: () => number | string) => void

function takeSnapshot(take: Take, reader: ByteReader, { changed, ...snapshot }: Snapshot): void {
  take('changed settings', () => reader.uint8())
  for (const { setting } of changed) {
    take('setting', () => (reader.uint8(), setting))
    take('value', () => reader.float64())
  }
  const { dim, from, numbers } = snapshot
  take('vectors', () => reader.varint())
  take('dimension d', () => reader.varint())
  take('first number', () => `${fromOne(reader.varint())} of ${snapshot.vectors * dim}`)
  // A part may hold the end of one vector and the beginning of the next.
  for (let at = from; at < from + numbers.length;) {
    const vector = Math.floor(at / dim)
    const end = Math.min(from + numbers.length, (vector + 1) * dim)
    const begin = at
    take(vector === 0 ? 'vector x' : `vector ${vector + 1} of the state`, () =>
      floats(reader, end - begin),
    )
    at = end
  }
}

function takePacked(take: Take, reader: ByteReader, label: string, vector: PackedVector): void {
  take('encoding', () => (reader.uint8(), vector.encoding))
  take('dimension d', () => reader.varint())
  switch (vector.encoding) {
    case 'float32':
      take(label, () => floats(reader, vector.values.length))
      return
    case 'topK':
      take('kept k', () => reader.varint())
      take('indices', () => shown(vector.indices.length, () => reader.uint32()))
      take(label, () => floats(reader, vector.values.length))
      return
    case 'randomK':
      take('kept k', () => reader.varint())
      take('seed of the indices', () => reader.uint32())
      take(label, () => floats(reader, vector.values.length))
      return
    case 'int8':
      take('scale', () => reader.float32())
      take(label, () => shown(vector.codes.length, () => (reader.uint8() << 24) >> 24))
      return
    default:
      assertNever(vector)
  }
}

/** How many numbers of a long vector are shown. */
const shownNumbers = 4

function floats(reader: ByteReader, count: number): string {
  return shown(count, () => Number(reader.float32().toPrecision(4)))
}

/** The first of `count` values; reads all of them. */
function shown(count: number, read: () => number | string): string {
  const first: (number | string)[] = []
  for (let at = 0; at < count; at++) {
    const value = read()
    if (at < shownNumbers) first.push(value)
  }
  return count <= shownNumbers ? first.join(', ') : `${first.join(', ')}, … (${count} numbers)`
}

/** The second vector of a message is a control variate; see `VectorMethod.controls`. */
function vectorLabel(symbol: string, index: number): string {
  return `vector ${index === 0 ? symbol : symbol.replace('x', 'c')}`
}

/**
 * Local step and perturbation, counted from one. Where several share a byte, those of the first and
 * the last.
 */
function scalarLabel(symbol: string, first: number, count: number, scalarsPerStep: number): string {
  const place = (index: number) =>
    `${Math.floor(index / scalarsPerStep) + 1}·${(index % scalarsPerStep) + 1}`
  if (count === 1) return `scalar ${symbol} ${place(first)}`
  return `scalars ${symbol} ${place(first)}–${place(first + count - 1)}`
}

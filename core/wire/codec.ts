/**
 * The one binary codec: message ↔ frame. The same frames travel to clients, form a run's log and
 * feed the workers.
 *
 *     frame = type uint8 · payload length varint · payload · CRC-32 uint32 of everything before it
 *
 * All numbers are little-endian.
 */
import { assertNever, crc32 } from '../base/index.ts'
import { ByteReader, ByteWriter, corrupt } from './bytes.ts'
import { changeableSettings } from './changeableSettings.ts'
import type { Hello, Message, Reply } from './message.ts'
import { precisions, scalarBytes, scalarFormats, type Precision } from './precision.ts'
import { readSnapshot, writeSnapshot } from './snapshotMessage.ts'
import {
  readModel,
  readUpdate,
  readVectorEntry,
  writeModel,
  writeUpdate,
  writeVectorEntry,
} from './vectorCodec.ts'

/** Scalar messages count from 1, d-dimensional ones from 16. */
const typeCodes = {
  assignment: 1,
  reply: 2,
  entry: 3,
  change: 4,
  reducedReply: 5,
  reducedEntry: 6,
  hello: 7,
  model: 16,
  update: 17,
  vectorEntry: 18,
  snapshot: 19,
} as const
/**
 * The layout of a message. Its type decides; a reply or an entry in reduced precision also names
 * its precision.
 */
type Layout = keyof typeof typeCodes
const layouts = new Map<number, Layout>(
  Object.entries(typeCodes).map(([name, code]) => [code, name as Layout]),
)

/** Of a SHA-256. */
const fingerprintBytes = 32

/** Bytes of a frame after its content. */
const checksumBytes = 4

function typeOf(layout: Layout): Message['type'] {
  if (layout === 'reducedReply') return 'reply'
  return layout === 'reducedEntry' ? 'entry' : layout
}

function layoutOf(message: Message): Layout {
  if (!('precision' in message) || message.precision === 'float32') return message.type
  return message.type === 'reply' ? 'reducedReply' : 'reducedEntry'
}

/** Reused for every message. */
const payloadWriter = new ByteWriter()
const frameWriter = new ByteWriter()

export function encode(message: Message): Uint8Array {
  payloadWriter.clear()
  writePayload(payloadWriter, message)
  const body = payloadWriter.written
  frameWriter.clear()
  frameWriter.uint8(typeCodes[layoutOf(message)])
  frameWriter.varint(body.length)
  frameWriter.bytes(body)
  frameWriter.uint32(crc32(frameWriter.written))
  return frameWriter.take()
}

/**
 * Decodes the frame at `offset`.
 * @returns the message and the offset after its frame
 * @throws HisoError WIRE_CORRUPT
 */
export function decode(
  bytes: Uint8Array,
  offset = 0,
): { readonly message: Message; readonly end: number } {
  const frame = new ByteReader(bytes, offset)
  const layout = layouts.get(frame.uint8())
  if (layout === undefined) throw corrupt('this is not a message of a known type')
  const payload = new ByteReader(frame.bytes(frame.varint()))
  const expected = crc32(bytes.subarray(offset, frame.offset))
  if (frame.uint32() !== expected) throw corrupt('the checksum does not match')
  const message = readPayload(payload, layout)
  if (payload.remaining > 0) throw corrupt('the message is longer than its content')
  return { message, end: frame.offset }
}

/** The head of a frame: type and length. */
export interface FrameHead {
  readonly type: Message['type']
  readonly round: number
  /** Where the content ends and the checksum begins. */
  readonly contentEnd: number
  /** The offset after the frame. */
  readonly end: number
}

/**
 * Reads the head of the frame at `offset` and nothing more. Undefined if no whole frame can start
 * there. Never throws, as the search in a damaged file calls it at every byte.
 * @param available the length of the file, of which `bytes` is the beginning
 */
export function headAt(
  bytes: Uint8Array,
  offset: number,
  available = bytes.length,
): FrameHead | undefined {
  const layout = layouts.get(bytes[offset]!)
  if (layout === undefined) return undefined
  const length = varintAt(bytes, offset + 1)
  if (length === undefined) return undefined
  const contentEnd = length.end + length.value
  if (contentEnd + checksumBytes > available) return undefined
  const round = varintAt(bytes, length.end)
  if (round === undefined || round.end > contentEnd) return undefined
  return { type: typeOf(layout), round: round.value, contentEnd, end: contentEnd + checksumBytes }
}

function varintAt(
  bytes: Uint8Array,
  offset: number,
): { readonly value: number; readonly end: number } | undefined {
  let value = 0
  for (let at = offset, scale = 1; at < bytes.length && scale < 2 ** 56; at++, scale *= 0x80) {
    const byte = bytes[at]!
    value += (byte & 0x7f) * scale
    if (byte < 0x80) return value <= Number.MAX_SAFE_INTEGER ? { value, end: at + 1 } : undefined
  }
  return undefined
}

function writePayload(to: ByteWriter, message: Message): void {
  to.varint(message.round)
  switch (message.type) {
    case 'assignment':
      to.varint(message.localSteps)
      to.uint32(message.seed)
      return
    case 'reply':
      writeReply(to, message)
      return
    case 'entry':
      to.varint(message.scalarsPerStep)
      to.varint(message.localSteps)
      to.uint32(message.seed)
      writeScalars(to, message.aggregates, message.precision)
      return
    case 'change':
      to.uint8(changeableSettings.indexOf(message.setting))
      to.float64(message.value)
      return
    case 'hello':
      to.bytes(message.fingerprint)
      // The first version did not name itself.
      if (message.protocol > 1) to.varint(message.protocol)
      return
    case 'model':
      writeModel(to, message)
      return
    case 'update':
      writeUpdate(to, message)
      return
    case 'vectorEntry':
      writeVectorEntry(to, message)
      return
    case 'snapshot':
      writeSnapshot(to, message)
      return
    default:
      assertNever(message)
  }
}

function writeReply(to: ByteWriter, reply: Reply): void {
  const { client, scalarsPerStep, scalars, precision } = reply
  to.varint(client)
  to.varint(scalarsPerStep)
  to.varint(scalars.length / scalarsPerStep)
  writeScalars(to, scalars, precision)
}

function writeScalars(to: ByteWriter, scalars: Float32Array, precision: Precision = 'float32') {
  if (precision !== 'float32') to.uint8(precisions.indexOf(precision))
  scalarFormats[precision].write(to, scalars)
}

function readPayload(from: ByteReader, layout: Layout): Message {
  const round = from.varint()
  switch (layout) {
    case 'assignment':
      return { type: layout, round, localSteps: from.varint(), seed: from.uint32() }
    case 'reply':
    case 'reducedReply':
      return readReply(from, round, layout === 'reducedReply')
    case 'entry':
    case 'reducedEntry': {
      const scalarsPerStep = from.varint()
      const localSteps = from.varint()
      const seed = from.uint32()
      const count = localSteps * scalarsPerStep
      const common = { type: 'entry', round, localSteps, seed, scalarsPerStep } as const
      if (layout === 'entry') return { ...common, aggregates: readScalars(from, count) }
      const precision = readPrecision(from)
      return { ...common, precision, aggregates: readScalars(from, count, precision) }
    }
    case 'change': {
      const setting = changeableSettings[from.uint8()]
      if (setting === undefined) throw corrupt('an unknown setting was changed')
      const value = from.float64()
      if (setting === 'rounds' && !(Number.isInteger(value) && value > round))
        throw corrupt(`the run was given ${value} rounds after ${round}`)
      return { type: layout, round, setting, value }
    }
    case 'hello':
      return readHello(from, round)
    case 'model':
      return readModel(from, round)
    case 'update':
      return readUpdate(from, round)
    case 'vectorEntry':
      return readVectorEntry(from, round)
    case 'snapshot':
      return readSnapshot(from, round)
    default:
      return assertNever(layout)
  }
}

function readHello(from: ByteReader, round: number): Hello {
  const fingerprint = from.bytes(fingerprintBytes).slice()
  if (from.remaining === 0) return { type: 'hello', round, fingerprint, protocol: 1 }
  const protocol = from.varint()
  if (protocol <= 1) throw corrupt('version 1 is written as nothing')
  return { type: 'hello', round, fingerprint, protocol }
}

function readReply(from: ByteReader, round: number, isReduced: boolean): Reply {
  const client = from.varint()
  const scalarsPerStep = from.varint()
  const count = from.varint() * scalarsPerStep
  const common = { type: 'reply', round, client, scalarsPerStep } as const
  if (!isReduced) return { ...common, scalars: readScalars(from, count) }
  const precision = readPrecision(from)
  return { ...common, precision, scalars: readScalars(from, count, precision) }
}

function readPrecision(from: ByteReader): Precision {
  const precision = precisions[from.uint8()]
  if (precision === undefined || precision === 'float32') throw corrupt('an unknown precision')
  return precision
}

function readScalars(
  from: ByteReader,
  count: number,
  precision: Precision = 'float32',
): Float32Array {
  if (scalarBytes(precision, count) > from.remaining) throw corrupt('the message ends too early')
  if (precision === 'float32') return scalarFormats.float32.read(from, count)
  const start = from.offset
  const scalars = scalarFormats[precision].read(from, count)
  // A scale that is larger than needed, a code that none is written as, or bits that mean nothing.
  payloadWriter.clear()
  scalarFormats[precision].write(payloadWriter, scalars)
  if (!from.isAt(start, payloadWriter.written))
    throw corrupt('the scalars are written in another way than this program writes them')
  return scalars
}

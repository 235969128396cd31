/**
 * The one binary codec: message ↔ frame. The same frames travel to clients, lie in a run's log and feed the workers.
 *
 *     frame = type uint8 · payload length varint · payload · CRC-32 uint32 of everything before it
 *
 * All numbers are little-endian.
 */
import { assertNever } from '../base/index.ts'
import { ByteReader, ByteWriter, corrupt, crc32 } from './bytes.ts'
import { changeableSettings, type Message } from './message.ts'

const typeCodes = { assignment: 1, reply: 2, entry: 3, change: 4 } as const
const typeNames = new Map<number, Message['type']>(
  Object.entries(typeCodes).map(([name, code]) => [code, name as Message['type']]),
)

export function encode(message: Message): Uint8Array {
  const payload = new ByteWriter()
  writePayload(payload, message)
  const body = payload.take()
  const frame = new ByteWriter()
  frame.uint8(typeCodes[message.type])
  frame.varint(body.length)
  frame.bytes(body)
  frame.uint32(crc32(frame.take()))
  return frame.take()
}

/**
 * Decodes the frame at `offset`.
 * @returns the message and the offset behind its frame
 * @throws HisoError WIRE_CORRUPT
 */
export function decode(
  bytes: Uint8Array,
  offset = 0,
): { readonly message: Message; readonly end: number } {
  const frame = new ByteReader(bytes, offset)
  const type = typeNames.get(frame.uint8())
  if (type === undefined) throw corrupt('this is not a message of a known type')
  const payload = new ByteReader(frame.bytes(frame.varint()))
  const expected = crc32(bytes.subarray(offset, frame.offset))
  if (frame.uint32() !== expected) throw corrupt('the checksum does not match')
  const message = readPayload(payload, type)
  if (payload.remaining > 0) throw corrupt('the message is longer than its content')
  return { message, end: frame.offset }
}

function writePayload(to: ByteWriter, message: Message): void {
  to.varint(message.round)
  switch (message.type) {
    case 'assignment':
      to.varint(message.seeds.length)
      for (const seed of message.seeds) to.uint32(seed)
      return
    case 'reply':
      to.varint(message.client)
      to.varint(message.perturbations)
      to.varint(message.scalars.length / message.perturbations)
      for (const scalar of message.scalars) to.float32(scalar)
      return
    case 'entry':
      to.varint(message.perturbations)
      to.varint(message.seeds.length)
      for (const seed of message.seeds) to.uint32(seed)
      for (const aggregate of message.aggregates) to.float32(aggregate)
      return
    case 'change':
      to.uint8(changeableSettings.indexOf(message.setting))
      to.float64(message.value)
      return
    default:
      assertNever(message)
  }
}

function readPayload(from: ByteReader, type: Message['type']): Message {
  const round = from.varint()
  switch (type) {
    case 'assignment':
      return { type, round, seeds: readSeeds(from, from.varint()) }
    case 'reply': {
      const client = from.varint()
      const perturbations = from.varint()
      return {
        type,
        round,
        client,
        perturbations,
        scalars: readScalars(from, from.varint() * perturbations),
      }
    }
    case 'entry': {
      const perturbations = from.varint()
      const seeds = readSeeds(from, from.varint())
      return {
        type,
        round,
        seeds,
        perturbations,
        aggregates: readScalars(from, seeds.length * perturbations),
      }
    }
    case 'change': {
      const setting = changeableSettings[from.uint8()]
      if (setting === undefined) throw corrupt('an unknown setting was changed')
      return { type, round, setting, value: from.float64() }
    }
    default:
      return assertNever(type)
  }
}

function readSeeds(from: ByteReader, count: number): Uint32Array {
  if (count * 4 > from.remaining) throw corrupt('the message ends too early')
  return Uint32Array.from({ length: count }, () => from.uint32())
}

function readScalars(from: ByteReader, count: number): Float32Array {
  if (count * 4 > from.remaining) throw corrupt('the message ends too early')
  return Float32Array.from({ length: count }, () => from.float32())
}

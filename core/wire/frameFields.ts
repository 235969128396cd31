/** Takes a frame apart into labelled stretches of bytes, so that people can see what each of them means. */
import { assertNever } from '../base/index.ts'
import { ByteReader } from './bytes.ts'
import { decode } from './codec.ts'
import type { Entry, Reply } from './message.ts'
import { scalarFormats } from './precision.ts'

export interface FrameField {
  readonly label: string
  readonly offset: number
  readonly length: number
  /** As a person reads it. */
  readonly value: string
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

  // As the decoded message has them: the bits of an int8 mean something only with its scale, and several scalars may share a byte.
  const takeScalars = (
    symbol: string,
    scalars: Float32Array,
    { precision = 'float32', perturbations }: Reply | Entry,
  ) => {
    const { scaleBytes, bitsPerScalar } = scalarFormats[precision]
    if (precision !== 'float32') take('precision', () => (reader.uint8(), precision))
    if (scaleBytes > 0) take('scale', () => `2^${reader.int8()}`)
    const together = Math.max(1, 8 / bitsPerScalar)
    for (let at = 0; at < scalars.length; at += together) {
      const values = scalars.subarray(at, at + together)
      take(scalarLabel(symbol, at, values.length, perturbations), () => {
        reader.bytes(Math.ceil(bitsPerScalar / 8))
        return values.join(', ')
      })
    }
  }

  take('type', () => (reader.uint8(), message.type))
  take('payload length', () => `${reader.varint()} B`)
  take('round', () => reader.varint() + 1)
  switch (message.type) {
    case 'assignment':
      take('local steps τ', varint)
      for (const k of message.seeds.keys()) take(`seed of step ${k + 1}`, seed)
      break
    case 'reply': {
      take('client', () => reader.varint() + 1)
      take('perturbations P', varint)
      take('local steps τ', varint)
      takeScalars('g', message.scalars, message)
      break
    }
    case 'entry':
      take('perturbations P', varint)
      take('local steps τ', varint)
      for (const k of message.seeds.keys()) take(`seed of step ${k + 1}`, seed)
      takeScalars('ḡ', message.aggregates, message)
      break
    case 'change':
      take('setting', () => (reader.uint8(), message.setting))
      take('value', () => reader.float64())
      break
    default:
      assertNever(message)
  }
  take('checksum', () => `CRC-32 ${reader.uint32().toString(16).padStart(8, '0')}`)
  return fields
}

/** Local step and perturbation, from one; of the first and the last where several lie in one byte. */
function scalarLabel(symbol: string, first: number, count: number, perturbations: number): string {
  const place = (index: number) =>
    `${Math.floor(index / perturbations) + 1}·${(index % perturbations) + 1}`
  if (count === 1) return `scalar ${symbol} ${place(first)}`
  return `scalars ${symbol} ${place(first)}–${place(first + count - 1)}`
}

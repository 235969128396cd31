/** Takes a frame apart into labelled stretches of bytes, so that people can see what each of them means. */
import { assertNever } from '../base/index.ts'
import { ByteReader } from './bytes.ts'
import { decode } from './codec.ts'
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
  const scalar = () => reader.float32()
  const seed = () => reader.uint32()

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
      const { precision = 'float32' } = message
      if (precision !== 'float32') take('precision', () => (reader.uint8(), precision))
      if (precision === 'int8') take('scale', () => `2^${reader.int8()}`)
      // As the decoded message has them: a byte of an int8 reply means something only with its scale.
      for (const [at, value] of message.scalars.entries())
        take(scalarLabel('g', at, message.perturbations), () => {
          reader.bytes(scalarFormats[precision].bytesPerScalar)
          return value
        })
      break
    }
    case 'entry':
      take('perturbations P', varint)
      take('local steps τ', varint)
      for (const k of message.seeds.keys()) take(`seed of step ${k + 1}`, seed)
      for (const at of message.aggregates.keys())
        take(scalarLabel('ḡ', at, message.perturbations), scalar)
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

/** Local step and perturbation, from one. */
function scalarLabel(symbol: string, index: number, perturbations: number): string {
  return `scalar ${symbol} ${Math.floor(index / perturbations) + 1}·${(index % perturbations) + 1}`
}

/** Read back by an independent parser of TFRecords and protocol buffers, with a bitwise CRC-32C. */
import { BinaryReader } from '@bufbuild/protobuf/wire'
import { describe, expect, it } from 'vitest'
import { joinBytes } from '../base/index.ts'
import { histogramRecord, scalarRecord, textRecord, versionRecord } from './eventFile.ts'

/** Bit by bit, from the polynomial as Castagnoli wrote it: no table that could be wrong, too. */
function slowCrc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes)
    for (let bit = 0; bit < 8; bit++) {
      const isOdd = ((crc ^ (byte >>> bit)) & 1) === 1
      crc = (crc >>> 1) ^ (isOdd ? 0x82f63b78 : 0)
    }
  return ~crc >>> 0
}

function unmasked(value: number): number {
  const rotated = (value - 0xa282ead8) >>> 0
  return ((rotated << 15) | (rotated >>> 17)) >>> 0
}

function recordsOf(bytes: Uint8Array): Uint8Array[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true))
    expect(unmasked(view.getUint32(at + 8, true))).toBe(slowCrc32c(bytes.subarray(at, at + 8)))
    const content = bytes.subarray(at + 12, at + 12 + length)
    expect(unmasked(view.getUint32(at + 12 + length, true))).toBe(slowCrc32c(content))
    records.push(content)
    at += 16 + length
  }
  return records
}

type Fields = Map<number, (number | Uint8Array)[]>

/** Every field of a message as it stands there: fixed numbers read, the rest as bytes. */
function fieldsOf(bytes: Uint8Array): Fields {
  const reader = new BinaryReader(bytes)
  const fields: Fields = new Map()
  while (reader.pos < reader.len) {
    const [number, type] = reader.tag()
    const value =
      Number(type) === 0
        ? Number(reader.int64())
        : Number(type) === 1
          ? reader.double()
          : Number(type) === 5
            ? reader.float()
            : reader.bytes()
    fields.set(number, [...(fields.get(number) ?? []), value])
  }
  return fields
}

const text = (value: unknown) => new TextDecoder().decode(value as Uint8Array)
const moment = { wallTime: 1.7e9 + 0.25, step: 7 }
const summariesOf = (record: Uint8Array) =>
  fieldsOf(fieldsOf(record).get(5)![0] as Uint8Array)
    .get(1)!
    .map((it) => fieldsOf(it as Uint8Array))

describe('event files', () => {
  it('have the checksum that CRC-32C is known by', () => {
    expect(slowCrc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283)
  })

  it('begin with their version, and tell time and step of each event', () => {
    const file = joinBytes([versionRecord(5), scalarRecord(moment, [['quality/loss', 0.5]])])
    const [version, scalar] = recordsOf(file)
    expect(text(fieldsOf(version!).get(3)![0])).toBe('brain.Event:2')
    expect(fieldsOf(scalar!).get(1)).toEqual([1.7e9 + 0.25])
    expect(fieldsOf(scalar!).get(2)).toEqual([7])
  })

  it('hold scalars as float32 under their names', () => {
    const [record] = recordsOf(
      scalarRecord(moment, [
        ['a', 0.1],
        ['b', -2],
      ]),
    )
    expect(summariesOf(record!).map((value) => [text(value.get(1)![0]), value.get(2)![0]])).toEqual(
      [
        ['a', Math.fround(0.1)],
        ['b', -2],
      ],
    )
  })

  it('hold histograms with as many limits as counts', () => {
    const limits = [0.1, 1, 10]
    const histogram = {
      low: 0.05,
      high: 9,
      count: 6,
      sum: 12,
      sumOfSquares: 40,
      limits,
      counts: [1, 2, 3],
    }
    const [record] = recordsOf(histogramRecord(moment, 'curvature/H', histogram))
    const fields = fieldsOf(summariesOf(record!)[0]!.get(5)![0] as Uint8Array)
    const doubles = (bytes: unknown) => {
      const { buffer, byteOffset, byteLength } = (bytes as Uint8Array).slice()
      return [...new Float64Array(buffer, byteOffset, byteLength / 8)]
    }
    expect([1, 2, 3, 4, 5].map((field) => fields.get(field)![0])).toEqual([0.05, 9, 6, 12, 40])
    expect(doubles(fields.get(6)![0])).toEqual(limits)
    expect(doubles(fields.get(7)![0])).toEqual([1, 2, 3])
  })

  it('hold texts as the text plugin wants them', () => {
    const [record] = recordsOf(textRecord(moment, 'config', 'name: η ü\n'))
    const [value] = summariesOf(record!)
    const plugin = fieldsOf(fieldsOf(value!.get(9)![0] as Uint8Array).get(1)![0] as Uint8Array)
    expect(text(plugin.get(1)![0])).toBe('text')
    const tensor = fieldsOf(value!.get(8)![0] as Uint8Array)
    expect([tensor.get(1)![0], text(tensor.get(8)![0])]).toEqual([7, 'name: η ü\n'])
  })
})

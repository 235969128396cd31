/**
 * TensorBoard's event files: records of protocol buffers, each with checksums of its length and its
 * content. Scalars, histograms and texts; other dashboards read the same files.
 * @see TensorFlow, core/util/event.proto, core/framework/summary.proto, lib/io/record_writer.h
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { crc32c, joinBytes } from '../base/index.ts'

export interface EventMoment {
  /** Seconds since 1970. */
  readonly wallTime: number
  readonly step: number
}

/** Counts of values in ascending buckets, each named by its upper end. */
export interface Histogram {
  readonly low: number
  readonly high: number
  readonly count: number
  readonly sum: number
  readonly sumOfSquares: number
  readonly limits: readonly number[]
  readonly counts: readonly number[]
}

/** What every event file begins with. */
export function versionRecord(wallTime: number): Uint8Array<ArrayBuffer> {
  return record(
    event({ wallTime, step: 0 }, (writer) =>
      writer.tag(3, WireType.LengthDelimited).string('brain.Event:2'),
    ),
  )
}

export function scalarRecord(
  moment: EventMoment,
  values: readonly (readonly [tag: string, value: number])[],
): Uint8Array<ArrayBuffer> {
  return summaryRecord(
    moment,
    values.map(([tag, value]) => (writer) => {
      named(writer, tag).tag(2, WireType.Bit32).float(value)
    }),
  )
}

export function histogramRecord(
  moment: EventMoment,
  tag: string,
  { low, high, count, sum, sumOfSquares, limits, counts }: Histogram,
): Uint8Array<ArrayBuffer> {
  return summaryRecord(moment, [
    (writer) => {
      named(writer, tag).tag(5, WireType.LengthDelimited).fork()
      for (const [at, value] of [low, high, count, sum, sumOfSquares].entries())
        writer.tag(at + 1, WireType.Bit64).double(value)
      for (const [field, list] of [
        [6, limits],
        [7, counts],
      ] as const) {
        writer.tag(field, WireType.LengthDelimited).fork()
        for (const value of list) writer.double(value)
        writer.join()
      }
      writer.join()
    },
  ])
}

/** A text, which TensorBoard shows as Markdown. */
export function textRecord(
  moment: EventMoment,
  tag: string,
  text: string,
): Uint8Array<ArrayBuffer> {
  return summaryRecord(moment, [
    (writer) => {
      named(writer, tag)
      // The text plugin's name is what makes a tensor of strings a text.
      writer.tag(9, WireType.LengthDelimited).fork()
      writer.tag(1, WireType.LengthDelimited).fork()
      writer.tag(1, WireType.LengthDelimited).string('text')
      writer.join().join()
      writer.tag(8, WireType.LengthDelimited).fork()
      writer.tag(1, WireType.Varint).uint32(stringType)
      // One dimension of length 1.
      writer.tag(2, WireType.LengthDelimited).fork()
      writer.tag(2, WireType.LengthDelimited).fork().tag(1, WireType.Varint).uint32(1).join()
      writer.join()
      writer.tag(8, WireType.LengthDelimited).string(text)
      writer.join()
    },
  ])
}

/** DT_STRING */
const stringType = 7

type Fill = (writer: BinaryWriter) => void

function named(writer: BinaryWriter, tag: string): BinaryWriter {
  return writer.tag(1, WireType.LengthDelimited).string(tag)
}

function summaryRecord(moment: EventMoment, values: readonly Fill[]): Uint8Array<ArrayBuffer> {
  return record(
    event(moment, (writer) => {
      writer.tag(5, WireType.LengthDelimited).fork()
      for (const fill of values) {
        writer.tag(1, WireType.LengthDelimited).fork()
        fill(writer)
        writer.join()
      }
      writer.join()
    }),
  )
}

function event({ wallTime, step }: EventMoment, fill: Fill): Uint8Array {
  const writer = new BinaryWriter()
  writer.tag(1, WireType.Bit64).double(wallTime).tag(2, WireType.Varint).int64(step)
  fill(writer)
  return writer.finish()
}

/** A length, its checksum, the content, its checksum. */
function record(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const head = new Uint8Array(12)
  const view = new DataView(head.buffer)
  view.setBigUint64(0, BigInt(content.length), true)
  view.setUint32(8, masked(head.subarray(0, 8)), true)
  const tail = new Uint8Array(4)
  new DataView(tail.buffer).setUint32(0, masked(content), true)
  return joinBytes([head, content, tail])
}

/** Turned and shifted, so that a checksum of data with checksums within stays one. */
function masked(bytes: Uint8Array): number {
  const crc = crc32c(bytes)
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32 } from '../base/index.ts'
import { StretchChecksums } from './checksum.ts'
import { findFrame } from './findFrame.ts'
import { encode, readLog, ScalarLog, type LogMessage } from './index.ts'

const entry = (round: number, aggregates = Float32Array.of(1, 2)): LogMessage => ({
  type: 'entry',
  round,
  localSteps: aggregates.length,
  seed: round,
  scalarsPerStep: 1,
  aggregates,
})

/** The frames of a log that begin at these rounds, with other bytes before each. */
function logWith(rounds: number, tail: Uint8Array): Uint8Array {
  const log = new ScalarLog()
  for (let round = 0; round < rounds; round++) log.append(entry(round))
  return Uint8Array.from([...log.bytes, ...tail])
}

test('the checksum of any stretch is that of its bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 20_000 }), fc.nat(), fc.nat(), (bytes, a, b) => {
      const [start, end] = [a % (bytes.length + 1), b % (bytes.length + 1)].sort((x, y) => x - y)
      expect(new StretchChecksums(bytes).of(start!, end!)).toBe(crc32(bytes.subarray(start, end)))
    }),
  )
})

describe('a frame behind damage', () => {
  test('is found wherever it begins', () => {
    const frame = encode(entry(7))
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (before) => {
        const bytes = Uint8Array.from([...before, ...frame, 0, 0])
        const found = findFrame(bytes, 0, { types: new Set(['entry']), round: 7 })
        expect(found).toMatchObject({
          start: before.length,
          end: before.length + frame.length,
          round: 7,
        })
      }),
    )
  })

  test.each([
    ['claims of long messages', [3, 0xf0, 0x9f, 0x03, 2]],
    ['claims of short ones', [3, 0x7f, 2]],
    ['claims of any message', [18, 0xff, 0x3f, 2, 4, 0xff, 0x1f, 2]],
  ])('is looked for in time that grows with the bytes: %s', (_name, pattern) => {
    const tail = Uint8Array.from({ length: 400_000 }, (_, at) => pattern[at % pattern.length]!)
    const started = performance.now()
    const reading = readLog(logWith(2, tail), 'log')
    // A search that computes a checksum for each claim takes minutes here.
    expect(performance.now() - started).toBeLessThan(5000)
    expect(reading).toMatchObject({ tornBytes: tail.length, damage: undefined })
  })
})

describe('what stands where a round belongs, whole but wrong, is damage and not an end', () => {
  test.each([
    ['a round that was there before', encode(entry(0))],
    ['a round that comes later', encode(entry(9))],
    [
      'a reply',
      encode({
        type: 'reply',
        round: 2,
        client: 0,
        scalarsPerStep: 1,
        scalars: Float32Array.of(1),
      }),
    ],
  ])('%s', (_name, frame) => {
    const { damage, log } = readLog(logWith(2, frame), 'scalars.log')
    expect(damage).toMatchObject({
      code: 'RUN_CORRUPT',
      where: 'scalars.log, round 3',
    })
    expect(log.rounds).toBe(2)
  })

  test('a count with more bytes than it needs', () => {
    const frame = encode(entry(2))
    // The round's one byte becomes two that mean the same.
    const longer = [frame[0]!, frame[1]! + 1, frame[2]! | 0x80, 0, ...frame.subarray(3, -4)]
    const crc = crc32(Uint8Array.from(longer))
    const bytes = [...longer, crc & 255, (crc >> 8) & 255, (crc >> 16) & 255, crc >>> 24]
    const { damage } = readLog(logWith(2, Uint8Array.from(bytes)), 'scalars.log')
    expect(damage?.message).toMatch(/more bytes than it needs/)
  })

  test('a message that this program writes in another way', () => {
    const scalars = Float32Array.of(1, 0.5)
    const frame = encode({ ...entry(2, scalars), precision: 'int8' } as LogMessage)
    // Twice the exponent, half the steps: the same values, but not the smallest exponent.
    const at = frame.length - 4 - 3
    const other = frame.slice()
    other[at]! += 1
    other[at + 1]! >>= 1
    other[at + 2]! >>= 1
    new DataView(other.buffer).setUint32(other.length - 4, crc32(other.subarray(0, -4)), true)
    const { damage } = readLog(logWith(2, other), 'scalars.log')
    expect(damage?.message).toMatch(/another way/)
  })
})

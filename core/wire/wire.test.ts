import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { crc32 } from '../base/index.ts'
import {
  decode,
  encode,
  Ledger,
  frameFields,
  paperBytes,
  precisions,
  readLog,
  modelFrameBytes,
  ScalarLog,
  updateFrameBytes,
  type Entry,
  type Message,
  type PackedVector,
} from './index.ts'

const round = fc.integer({ min: 0, max: 2 ** 40 })
const shape = fc.record({
  steps: fc.integer({ min: 0, max: 6 }),
  scalarsPerStep: fc.integer({ min: 1, max: 99 }),
})
const seed = fc.nat(2 ** 32 - 1)
const scalars = (count: number) => fc.float32Array({ minLength: count, maxLength: count })

const finiteScalars = (count: number) =>
  fc.float32Array({ minLength: count, maxLength: count, noNaN: true })

const entry = (at: fc.Arbitrary<number>): fc.Arbitrary<Entry> =>
  shape.chain(({ steps, scalarsPerStep }) =>
    fc.record({
      type: fc.constant('entry' as const),
      round: at,
      localSteps: fc.constant(steps),
      seed,
      scalarsPerStep: fc.constant(scalarsPerStep),
      aggregates: scalars(steps * scalarsPerStep),
    }),
  )

const shortEntry: fc.Arbitrary<Entry> = shape.chain(({ steps, scalarsPerStep }) =>
  fc.record({
    type: fc.constant('entry' as const),
    round,
    localSteps: fc.constant(steps),
    seed,
    scalarsPerStep: fc.constant(scalarsPerStep),
    aggregates: finiteScalars(steps * scalarsPerStep),
    precision: fc.constantFrom(...precisions),
  }),
)

const vector = (dim: number) => scalars(dim)

const packed = (dim: number): fc.Arbitrary<PackedVector> =>
  fc.oneof(
    fc.record({ encoding: fc.constant('float32' as const), values: vector(dim) }),
    fc.uniqueArray(fc.nat(dim - 1), { maxLength: dim }).chain((indices) =>
      fc.record({
        encoding: fc.constant('topK' as const),
        dim: fc.constant(dim),
        indices: fc.constant(Uint32Array.from(indices).sort()),
        values: vector(indices.length),
      }),
    ),
    fc.nat(dim).chain((kept) =>
      fc.record({
        encoding: fc.constant('randomK' as const),
        dim: fc.constant(dim),
        seed,
        values: vector(kept),
      }),
    ),
    fc.record({
      encoding: fc.constant('int8' as const),
      scale: fc.float(),
      codes: fc.int8Array({ minLength: dim, maxLength: dim }),
    }),
  )

const dims = fc.integer({ min: 1, max: 40 })

const model = dims.chain((dim) =>
  fc.record({
    type: fc.constant('model' as const),
    round,
    vectors: fc.array(vector(dim), { minLength: 1, maxLength: 3 }),
  }),
)

const vectorMessage: fc.Arbitrary<Message> = dims.chain((dim) =>
  fc.oneof(
    fc.record({
      type: fc.constant('update' as const),
      round,
      client: fc.nat(),
      vectors: fc.array(packed(dim), { minLength: 1, maxLength: 2 }),
    }),
    fc.record({
      type: fc.constant('vectorEntry' as const),
      round,
      dim: fc.constant(dim),
      aggregate: fc.oneof(vector(0), vector(dim)),
      clientVectors: fc.array(fc.record({ client: fc.nat(), vector: vector(dim) }), {
        maxLength: 3,
      }),
      control: fc.oneof(vector(0), vector(dim)),
    }),
  ),
)

const message: fc.Arbitrary<Message> = fc.oneof(
  model,
  vectorMessage,
  entry(round),
  shortEntry,
  fc.record({
    type: fc.constant('hello' as const),
    round,
    fingerprint: fc.uint8Array({ minLength: 32, maxLength: 32 }),
    protocol: fc.integer({ min: 1, max: 300 }),
  }),
  fc.record({
    type: fc.constant('assignment' as const),
    round,
    localSteps: fc.nat(8),
    seed,
  }),
  shape.chain(({ steps, scalarsPerStep }) =>
    fc.record({
      type: fc.constant('reply' as const),
      round,
      client: fc.nat(),
      scalarsPerStep: fc.constant(scalarsPerStep),
      scalars: scalars(steps * scalarsPerStep),
    }),
  ),
  shape.chain(({ steps, scalarsPerStep }) =>
    fc.record({
      type: fc.constant('reply' as const),
      round,
      client: fc.nat(),
      scalarsPerStep: fc.constant(scalarsPerStep),
      scalars: finiteScalars(steps * scalarsPerStep),
      precision: fc.constantFrom(...precisions),
    }),
  ),
  fc.record({
    type: fc.constant('change' as const),
    round,
    setting: fc.constantFrom('learningRate' as const, 'nu' as const),
    value: fc.double(),
  }),
)

describe('the codec', () => {
  test('gives back every message, bit for bit', () => {
    fc.assert(
      fc.property(message, (value) => {
        const frame = encode(value)
        const decoded = decode(frame)
        expect(decoded.end).toBe(frame.length)
        expect(encode(decoded.message)).toEqual(frame)
        expect(decoded.message.type).toBe(value.type)
      }),
    )
  })

  test('has fields that cover every frame without gaps', () => {
    fc.assert(
      fc.property(message, (value) => {
        const frame = encode(value)
        let end = 0
        for (const { offset, length } of frameFields(frame)) {
          expect(offset).toBe(end)
          end += length
        }
        expect(end).toBe(frame.length)
      }),
    )
  })

  test('refuses every frame with one flipped bit', () => {
    fc.assert(
      fc.property(message, fc.nat(), (value, position) => {
        const frame = encode(value)
        const bit = position % (frame.length * 8)
        frame[bit >> 3]! ^= 1 << (bit & 7)
        expect(() => decode(frame)).toThrow(expect.objectContaining({ code: 'WIRE_CORRUPT' }))
      }),
    )
  })

  test('checks with the CRC-32 of zlib', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })

  test('adds a few bytes to the scalars, whatever they are', () => {
    const reply = encode({
      type: 'reply',
      round: 9999,
      client: 999_999,
      scalarsPerStep: 5,
      scalars: new Float32Array(5),
    })
    expect(reply.length - 20).toBeLessThanOrEqual(16)
  })

  test.each([
    ['float16', 1 + 2 * 5],
    ['bfloat16', 1 + 2 * 5],
    ['int8', 1 + 1 + 5],
    ['int4', 1 + 1 + 3],
    ['sign', 1 + 1],
  ] as const)('writes five scalars as %s in %i bytes', (precision, bytes) => {
    const reply = { type: 'reply', round: 0, client: 0, scalarsPerStep: 5 } as const
    const scalars = Float32Array.of(1, 2, 3, 4, 5)
    const full = encode({ ...reply, scalars })
    expect(encode({ ...reply, scalars, precision }).length).toBe(full.length - 20 + bytes)
    expect(encode({ ...reply, scalars, precision: 'float32' })).toEqual(full)
  })

  test('reads a float32 reply of the first version', () => {
    const frame = Uint8Array.of(2, 8, 3, 1, 1, 1, 0, 0, 0x80, 0x3f, 0, 0, 0, 0)
    new DataView(frame.buffer).setUint32(10, crc32(frame.subarray(0, 10)), true)
    expect(decode(frame).message).toEqual({
      type: 'reply',
      round: 3,
      client: 1,
      scalarsPerStep: 1,
      scalars: Float32Array.of(1),
    })
  })
})

describe('a reply in reduced precision', () => {
  /** Client 1 in round 3, of one local step. */
  const framed = (scalarsPerStep: number, ...content: readonly number[]) => {
    const bytes = Uint8Array.of(
      5,
      4 + content.length,
      3,
      1,
      scalarsPerStep,
      1,
      ...content,
      0,
      0,
      0,
      0,
    )
    new DataView(bytes.buffer).setUint32(bytes.length - 4, crc32(bytes.subarray(0, -4)), true)
    return bytes
  }

  test.each([
    ['a code that nothing is written as', framed(2, 4, 0, 0x87)],
    ['a scale that is larger than needed', framed(2, 4, 1, 0x11)],
    ['bits that mean nothing', framed(3, 5, 0b1000)],
    ['half a byte that means nothing', framed(1, 4, 0, 0x17)],
    ['what is no number', framed(1, 1, 0x01, 0x7e)],
    ['too low a code of int8', framed(1, 3, 0, 0x80)],
  ])('has one encoding: %s', (_, frame) => {
    expect(() => decode(frame)).toThrow('another way than this program writes')
  })

  test('as it is written is read', () => {
    for (const frame of [framed(2, 4, 0, 0x97), framed(3, 5, 0b101), framed(1, 3, 0, 0x81)])
      expect(encode(decode(frame).message)).toEqual(frame)
  })
})

/** A log with one entry for each given. */
function logOf(entries: readonly Entry[]): ScalarLog {
  const log = new ScalarLog()
  entries.forEach((value, index) => log.append({ ...value, round: index }))
  return log
}
const entries = fc.array(entry(fc.constant(0)), { minLength: 1, maxLength: 12 })

describe('the log', () => {
  test('reads back what was appended', () => {
    fc.assert(
      fc.property(entries, (values) => {
        const { bytes } = logOf(values)
        const reading = readLog(bytes, 'log')
        expect(reading.log.bytes).toEqual(bytes)
        expect(reading).toMatchObject({ tornBytes: 0, damage: undefined })
      }),
    )
  })

  test('holds no change that changes nothing: a frame written twice is damage', () => {
    const log = logOf([])
    const rate = { type: 'change', setting: 'learningRate', round: 0 } as const
    const frame = log.append({ ...rate, value: 0.02 }).slice()
    log.append({ ...rate, setting: 'nu', value: 0.02 })
    const twice = new Uint8Array([...log.bytes, ...frame])
    const { damage, log: before } = readLog(twice, 'scalars.log')
    expect(damage?.message).toContain('learningRate is changed to the value that it already has')
    expect(before.bytes).toEqual(log.bytes)
    log.append({ ...rate, value: 0.01 })
    log.append({ ...rate, value: 0.02 })
    expect(readLog(log.bytes, 'scalars.log').damage).toBeUndefined()
  })

  test('cut anywhere, it keeps every whole round and reports the torn end', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (values, cut) => {
        const log = logOf(values)
        const length = 8 + (cut % (log.bytes.length - 7))
        const reading = readLog(log.bytes.slice(0, length), 'log')
        expect(reading.damage).toBeUndefined()
        expect(reading.log.bytes.length + reading.tornBytes).toBe(length)
        expect(reading.log.bytes).toEqual(log.bytes.slice(0, reading.log.bytes.length))
      }),
    )
  })

  test('a flipped bit inside is damage that names the round, and keeps what is before it', () => {
    fc.assert(
      fc.property(entries, fc.nat(), (values, position) => {
        fc.pre(values.length > 1)
        const log = logOf(values)
        const bytes = log.bytes.slice()
        const last = bytes.length - log.bytesSince(values.length - 1)
        const bit = 64 + (position % ((last - 8) * 8))
        bytes[bit >> 3]! ^= 1 << (bit & 7)
        const { damage, log: before } = readLog(bytes, 'scalars.log')
        expect(damage?.code).toBe('RUN_CORRUPT')
        expect(damage?.message).toContain(`round ${before.rounds + 1}`)
        expect(before.bytes.length).toBeLessThanOrEqual(bit >> 3)
      }),
    )
  })

  test('a catch-up is the frames since the last round that a client saw', () => {
    const log = logOf(
      [1, 2, 3].map((seed) => ({
        type: 'entry',
        round: 0,
        localSteps: 1,
        seed,
        scalarsPerStep: 1,
        aggregates: Float32Array.of(seed),
      })),
    )
    expect(decode(log.since(2)).message).toMatchObject({ round: 2, seed: 3 })
    expect(log.bytesSince(3)).toBe(0)
    expect(log.slice(0, 1)).toEqual(log.since(0).slice(0, log.bytesSince(0) - log.bytesSince(1)))
  })

  test('refuses foreign files, and versions that it does not know', () => {
    expect(() => readLog(new TextEncoder().encode('hello world'), 'x.log')).toThrow(
      /x\.log: this is not a scalar log/,
    )
    const newer = new ScalarLog().bytes.slice()
    newer[7] = 99
    expect(() => readLog(newer, 'x.log')).toThrow(/version 99.*newer HiSo Studio/)
    const older = new ScalarLog().bytes.slice()
    older[7] = 1
    expect(() => readLog(older, 'x.log')).toThrow(/version 1, .*the HiSo Studio that made it/)
  })
})

describe('the ledger', () => {
  test('adds up per round, per client and in total', () => {
    const ledger = new Ledger(3)
    ledger.received(1, 10, 100)
    ledger.sent(1, 7)
    expect(ledger.closeRound()).toEqual({ uplinkBytes: 7, downlinkBytes: 110, catchUpBytes: 100 })
    ledger.received(2, 10, 0)
    expect(ledger.closeRound()).toEqual({ uplinkBytes: 0, downlinkBytes: 10, catchUpBytes: 0 })
    expect(ledger.cumulative).toEqual({ uplinkBytes: 7, downlinkBytes: 120, catchUpBytes: 100 })
    expect([...ledger.downlinkByClient]).toEqual([0, 110, 10])
  })

  test("has the paper's formula beside it", () => {
    expect(paperBytes(2, 1, 5)).toBe(80)
  })
})

describe('frames of d-dimensional messages', () => {
  test('have the lengths that a ledger expects of them', () => {
    const shapes = dims.chain((dim) => fc.tuple(fc.nat(), fc.nat(), packed(dim), fc.nat(2)))
    fc.assert(
      fc.property(shapes, ([client, at, first, more]) => {
        const vectors = Array.from({ length: 1 + more }, () => first)
        const { encoding } = first
        const dim =
          'dim' in first
            ? first.dim
            : encoding === 'int8'
              ? first.codes.length
              : first.values.length
        const kept = 'dim' in first ? first.values.length : dim
        const frame = encode({ type: 'update', round: at, client, vectors })
        expect(frame.length).toBe(
          updateFrameBytes(at, client, vectors.length, { encoding, dim, kept }),
        )
      }),
    )
    fc.assert(
      fc.property(model, (it) => {
        const { round, vectors } = it
        expect(encode(it).length).toBe(modelFrameBytes(round, vectors.length, vectors[0]!.length))
      }),
    )
  })

  test('show people the first numbers of a long vector, and how many there are', () => {
    const vectors = [Float32Array.from({ length: 1000 }, (_, at) => at / 2)]
    const texts = frameFields(encode({ type: 'model', round: 0, vectors })).map(
      ({ value }) => value,
    )
    expect(texts).toContain('0, 0.5, 1, 1.5, … (1000 numbers)')
  })

  test('that a kill tears apart are a torn end, whatever their numbers look like', () => {
    const log = new ScalarLog()
    const values = new Float32Array(50_000)
    for (let j = 0; j < values.length; j++) values[j] = Math.fround(((j * 7919) % 4099) * 1e-4)
    const entry = (round: number) =>
      ({
        type: 'vectorEntry',
        round,
        dim: values.length,
        aggregate: values,
        clientVectors: [],
        control: new Float32Array(),
      }) as const
    log.append(entry(0))
    const whole = log.bytes.length
    log.append(entry(1))
    const reading = readLog(log.bytes.slice(0, whole + 150_000), 'scalars.log')
    expect(reading.damage).toBeUndefined()
    expect(reading.log.rounds).toBe(1)
    expect(reading.tornBytes).toBe(150_000)
  })
})

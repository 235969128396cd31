import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ByteReader, ByteWriter } from './bytes.ts'
import { precisions, scalarBytes, scalarFormats, type Precision } from './precision.ts'

const scalars = fc.float32Array({ maxLength: 40, noNaN: true })

function written(precision: Precision, values: Float32Array): Uint8Array {
  const to = new ByteWriter()
  scalarFormats[precision].write(to, values)
  return to.take()
}

function readBack(precision: Precision, values: Float32Array): Float32Array {
  return scalarFormats[precision].read(new ByteReader(written(precision, values)), values.length)
}

const inHex = (bytes: Uint8Array) =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

describe.each(precisions)('%s', (precision) => {
  test('writes as many bytes as it says, whatever the scalars are', () => {
    fc.assert(
      fc.property(scalars, (values) => {
        expect(written(precision, values)).toHaveLength(scalarBytes(precision, values.length))
      }),
    )
  })

  test('gives the same bytes for what was read', () => {
    fc.assert(
      fc.property(scalars, (values) => {
        const bytes = written(precision, values)
        expect(written(precision, readBack(precision, values))).toEqual(bytes)
      }),
    )
  })
})

describe('rounding', () => {
  test.each([
    ['float16', 11, -24, 65504],
    ['bfloat16', 8, -133, 2 ** 127],
  ] as const)(
    'of %s is off by half of the last of %i bits at most',
    (precision, bits, tiny, top) => {
      const value = fc.float({ noNaN: true, min: -top, max: top })
      fc.assert(
        fc.property(value, (exact) => {
          const [read] = readBack(precision, Float32Array.of(exact))
          const unit = Math.max(2 ** tiny, 2 ** (Math.floor(Math.log2(Math.abs(exact))) - bits + 1))
          expect(Math.abs(read! - exact)).toBeLessThanOrEqual(unit / 2)
        }),
      )
    },
  )

  test('of int8 is off by half a step at most, a step being at most a 63.5th of the largest', () => {
    fc.assert(
      fc.property(
        fc.float32Array({ minLength: 1, noNaN: true, min: -(2 ** 127), max: 2 ** 127 }),
        (values) => {
          const largest = Math.max(2 ** -121, ...values.map(Math.abs))
          for (const [at, read] of readBack('int8', values).entries())
            expect(Math.abs(read - values[at]!)).toBeLessThanOrEqual(largest / 127)
        },
      ),
    )
  })

  // Bytes from numpy 1.24: np.float16(x).tobytes().hex(); bfloat16 from torch 1.13:
  // torch.tensor(x).to(torch.bfloat16).
  test.each([
    [
      'float16',
      [1, -2, 65504, 2 ** -14, 2 ** -24, 0.1, 1 + 2 ** -11, 1 + 3 * 2 ** -11],
      '003c00c0ff7b00040100662e003c023c',
    ],
    ['float16', [1e-8, -1e-8, 1e9, -1e9, 2047.5 / 1024], '00000080ff7bfffb0040'],
    ['bfloat16', [1, -2, 0.1, 1 + 2 ** -8, 1 + 3 * 2 ** -8, 3e38], '803f00c0cd3d803f823f627f'],
    ['int8', [127, -127, 63.5, 0.4], '007f814000'],
    ['int8', [128, 1], '014000'],
    ['int8', [0, 0], '800000'],
  ] as const)('of %s gives the known bytes of %j', (precision, values, hex) => {
    expect(inHex(written(precision, Float32Array.from(values)))).toBe(hex)
  })
})

describe('scalars that share a byte', () => {
  test('two of int4, the first in the low bits, behind the exponent of their scale', () => {
    const values = Float32Array.of(7, -7, 1.4, -0.4, 3)
    expect(inHex(written('int4', values))).toBe('0097' + '01' + '03')
    expect([...readBack('int4', values)]).toEqual([7, -7, 1, 0, 3])
  })

  test('int4 is off by half a step at most, a step being at most two sevenths of the largest', () => {
    fc.assert(
      fc.property(
        fc.float32Array({
          minLength: 1,
          maxLength: 40,
          noNaN: true,
          min: -(2 ** 100),
          max: 2 ** 100,
        }),
        (values) => {
          const largest = Math.max(...values.map(Math.abs))
          fc.pre(largest > 2 ** -100)
          const read = readBack('int4', values)
          for (const [at, value] of values.entries())
            expect(Math.abs(read[at]! - value)).toBeLessThanOrEqual(largest / 7)
        },
      ),
    )
  })

  test('eight signs, the first in the lowest bit; zero counts as positive', () => {
    const values = Float32Array.of(-1, 2, -0.5, 0, 1, 1, 1, -3, -1)
    expect(inHex(written('sign', values))).toBe('8501')
    expect([...readBack('sign', values)]).toEqual([-1, 1, -1, 1, 1, 1, 1, -1, -1])
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HisoError } from '../base/index.ts'
import { decodeData, encodeData } from './index.ts'

const leaves = fc.oneof(
  fc.constant(undefined),
  fc.constant(null),
  fc.boolean(),
  fc.double(),
  fc.string({ unit: 'binary' }),
  fc.uint8Array(),
  fc.int32Array(),
  fc.uint32Array(),
  fc.float32Array(),
  fc.float64Array(),
)
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { maxDepth: 4 },
    leaves,
    fc.array(tie('data'), { maxLength: 5 }),
    fc.dictionary(
      fc.string().filter((key) => key !== '__proto__'),
      tie('data'),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
}))

test('plain data comes back as it was sent', () => {
  fc.assert(
    fc.property(data, (value) => {
      expect(decodeData(encodeData(value))).toEqual(value)
    }),
  )
})

test('bytes from anywhere are read or refused, and nothing else happens', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        decodeData(bytes)
      } catch (error) {
        expect(error).toBeInstanceOf(HisoError)
      }
    }),
  )
})

test('a message that ends early is refused, wherever it ends', () => {
  const bytes = encodeData({ frames: Uint8Array.of(1, 2, 3), losses: [1.5, Float64Array.of(2)] })
  for (let length = 0; length < bytes.length; length++)
    expect(() => decodeData(bytes.subarray(0, length))).toThrow(HisoError)
})

test('a message does not change what all objects have', () => {
  const bytes = encodeData(JSON.parse('{"__proto__": {"admin": true}}'))
  const value = decodeData(bytes) as { admin?: boolean }
  expect(({} as { admin?: boolean }).admin).toBeUndefined()
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
})

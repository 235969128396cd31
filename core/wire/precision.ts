/**
 * How many bits a message spends on a scalar. Rounding is to nearest, ties to even. A value that is
 * too large for a format becomes the format's largest. Reading is exact, and writing what was read
 * gives the same bytes: the codec refuses others.
 */
import type { ByteReader, ByteWriter } from './bytes.ts'

/** In the order of their codes on the wire. */
export const precisions = ['float32', 'float16', 'bfloat16', 'int8', 'int4', 'sign'] as const
export type Precision = (typeof precisions)[number]

export interface ScalarFormat {
  /** @param scalars finite numbers */
  write(to: ByteWriter, scalars: Float32Array): void
  read(from: ByteReader, count: number): Float32Array
  /**
   * 32, 16, 8, 4 or 1. Where several scalars share a byte, the first is in its low bits, and unused
   * bits are 0.
   */
  readonly bitsPerScalar: number
  /** Bytes before the first scalar. */
  readonly scaleBytes: number
}

const float32: ScalarFormat = {
  write(to, scalars) {
    for (const scalar of scalars) to.float32(scalar)
  },
  read: (from, count) => readEach(count, () => from.float32()),
  bitsPerScalar: 32,
  scaleBytes: 0,
}

const float16: ScalarFormat = {
  write(to, scalars) {
    for (const scalar of scalars) to.uint16(float16Bits(scalar))
  },
  read: (from, count) => readEach(count, () => float16Value(from.uint16())),
  bitsPerScalar: 16,
  scaleBytes: 0,
}

/** The upper half of a float32. */
const bfloat16: ScalarFormat = {
  write(to, scalars) {
    for (const scalar of scalars) to.uint16(bfloat16Bits(scalar))
  },
  read: (from, count) => readEach(count, () => float32Value(from.uint16() << 16)),
  bitsPerScalar: 16,
  scaleBytes: 0,
}

/**
 * Exponent e int8, then q int8 for each: the value is q · 2^e, with the smallest e ≥ −128 that
 * keeps all |q| ≤ 127.
 */
const int8: ScalarFormat = {
  write(to, scalars) {
    const { exponent, steps } = commonScale(scalars, 127)
    to.int8(exponent)
    for (const step of steps) to.int8(step)
  },
  read(from, count) {
    const unit = powerOfTwo(from.int8())
    return readEach(count, () => from.int8() * unit)
  },
  bitsPerScalar: 8,
  scaleBytes: 1,
}

/** As int8, with |q| ≤ 7 in the four bits of its two's complement. */
const int4: ScalarFormat = {
  write(to, scalars) {
    const { exponent, steps } = commonScale(scalars, 7)
    to.int8(exponent)
    for (let at = 0; at < steps.length; at += 2)
      to.uint8((steps[at]! & 15) | (((steps[at + 1] ?? 0) & 15) << 4))
  },
  read(from, count) {
    const unit = powerOfTwo(from.int8())
    const bytes = from.bytes(Math.ceil(count / 2))
    return readEach(count, (at) => {
      const bits = (bytes[at >> 1]! >> (4 * (at & 1))) & 15
      return (bits < 8 ? bits : bits - 16) * unit
    })
  },
  bitsPerScalar: 4,
  scaleBytes: 1,
}

/** 1 for a scalar below 0: it stands for −1, and 0 for +1. */
const sign: ScalarFormat = {
  write(to, scalars) {
    for (let from = 0; from < scalars.length; from += 8)
      to.uint8(
        scalars
          .subarray(from, from + 8)
          .reduce((byte, scalar, bit) => byte | (Number(scalar < 0) << bit), 0),
      )
  },
  read(from, count) {
    const bytes = from.bytes(Math.ceil(count / 8))
    return readEach(count, (at) => ((bytes[at >> 3]! >> (at & 7)) & 1 ? -1 : 1))
  },
  bitsPerScalar: 1,
  scaleBytes: 0,
}

/** Bytes of `count` scalars. */
export function scalarBytes(precision: Precision, count: number): number {
  const { scaleBytes, bitsPerScalar } = scalarFormats[precision]
  return scaleBytes + Math.ceil((count * bitsPerScalar) / 8)
}

export const scalarFormats: { readonly [Name in Precision]: ScalarFormat } = {
  float32,
  float16,
  bfloat16,
  int8,
  int4,
  sign,
}

/** Several times as fast as `Float32Array.from`, which uses an iterator. */
function readEach(count: number, read: (at: number) => number): Float32Array {
  const scalars = new Float32Array(count)
  for (let at = 0; at < count; at++) scalars[at] = read(at)
  return scalars
}

const cell = new DataView(new ArrayBuffer(8))

function float32Bits(value: number): number {
  cell.setFloat32(0, value)
  return cell.getUint32(0)
}

function float32Value(bits: number): number {
  cell.setUint32(0, bits)
  return cell.getFloat32(0)
}

const largestFloat16 = 65504
const largestBfloat16 = float32Value(0x7f7f0000)
function within(value: number, largest: number): number {
  return Math.max(-largest, Math.min(largest, value))
}

/**
 * For |value| < 2^51: float64 has no room for a fraction there, so adding rounds to nearest, ties
 * to even.
 */
function roundToEven(value: number): number {
  return value + 1.5 * 2 ** 52 - 1.5 * 2 ** 52
}

/** ⌊log2 |value|⌋ of a float32 that is not subnormal; −127 of 0 and of subnormals. */
function exponentOf(value: number): number {
  return ((float32Bits(value) >>> 23) & 0xff) - 127
}

/** 2^exponent for −1022 ≤ exponent ≤ 1023: `**` need not be exact. */
function powerOfTwo(exponent: number): number {
  cell.setUint32(0, (exponent + 1023) << 20)
  cell.setUint32(4, 0)
  return cell.getFloat64(0)
}

function float16Bits(value: number): number {
  const magnitude = within(Math.abs(value), largestFloat16)
  const sign = (float32Bits(value) >>> 16) & 0x8000
  // Subnormals share the smallest exponent. A mantissa that rounds up to 2048 carries into the
  // exponent, which is correct.
  const exponent = Math.max(-14, exponentOf(magnitude))
  const mantissa = roundToEven(magnitude / powerOfTwo(exponent - 10))
  return sign | (((exponent + 14) << 10) + mantissa)
}

function float16Value(bits: number): number {
  const exponent = (bits >>> 10) & 0x1f
  const mantissa = bits & 0x3ff
  const magnitude =
    exponent === 0 ? mantissa * 2 ** -24 : (1024 + mantissa) * powerOfTwo(exponent - 25)
  return bits & 0x8000 ? -magnitude : magnitude
}

function bfloat16Bits(value: number): number {
  const bits = float32Bits(within(value, largestBfloat16))
  return (bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16
}

/**
 * Integers q with |q| ≤ `most` (127 or 7), and the smallest exponent e ≥ −128 for which q · 2^e
 * approximates all scalars. A value beyond the largest float32 of that form becomes that float32.
 */
function commonScale(scalars: Float32Array, most: number): { exponent: number; steps: number[] } {
  const bits = 31 - Math.clz32(most)
  const largest = most * powerOfTwo(127 - bits)
  const top = scalars.reduce((size, scalar) => Math.max(size, Math.abs(scalar)), 0)
  const kept = within(top, largest)
  const lowest = Math.max(-128, exponentOf(kept) - bits)
  const exponent = kept > most * powerOfTwo(lowest) ? lowest + 1 : lowest
  const unit = powerOfTwo(exponent)
  return {
    exponent,
    steps: Array.from(scalars, (scalar) => roundToEven(within(scalar, largest) / unit)),
  }
}

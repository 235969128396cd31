/**
 * How many bytes a reply spends on a scalar. Rounding is to nearest, ties to even; what is too large for a format becomes its
 * largest value; reading back is exact, and writing what was read gives the same bytes.
 */
import type { ByteReader, ByteWriter } from './bytes.ts'

/** In the order of their codes on the wire. */
export const precisions = ['float32', 'float16', 'bfloat16', 'int8'] as const
export type Precision = (typeof precisions)[number]

export interface ScalarFormat {
  /** @param scalars finite numbers */
  write(to: ByteWriter, scalars: Float32Array): void
  read(from: ByteReader, count: number): Float32Array
  readonly bytesPerScalar: number
  /** Of what comes before the first scalar. */
  readonly scaleBytes: number
}

const float32: ScalarFormat = {
  write(to, scalars) {
    for (const scalar of scalars) to.float32(scalar)
  },
  read: (from, count) => Float32Array.from({ length: count }, () => from.float32()),
  bytesPerScalar: 4,
  scaleBytes: 0,
}

const float16: ScalarFormat = {
  write(to, scalars) {
    for (const scalar of scalars) to.uint16(float16Bits(scalar))
  },
  read: (from, count) => Float32Array.from({ length: count }, () => float16Value(from.uint16())),
  bytesPerScalar: 2,
  scaleBytes: 0,
}

/** The upper half of a float32. */
const bfloat16: ScalarFormat = {
  write(to, scalars) {
    for (const scalar of scalars) to.uint16(bfloat16Bits(scalar))
  },
  read: (from, count) =>
    Float32Array.from({ length: count }, () => float32Value(from.uint16() << 16)),
  bytesPerScalar: 2,
  scaleBytes: 0,
}

/** Exponent e int8, then q int8 for each: the value is q · 2^e, with the smallest e ≥ −128 that keeps all |q| ≤ 127. */
const int8: ScalarFormat = {
  write(to, scalars) {
    const exponent = commonExponent(scalars)
    const unit = powerOfTwo(exponent)
    to.int8(exponent)
    for (const scalar of scalars) to.int8(roundToEven(within(scalar, largestInt8) / unit))
  },
  read(from, count) {
    const unit = powerOfTwo(from.int8())
    return Float32Array.from({ length: count }, () => from.int8() * unit)
  },
  bytesPerScalar: 1,
  scaleBytes: 1,
}

export const scalarFormats: { readonly [Name in Precision]: ScalarFormat } = {
  float32,
  float16,
  bfloat16,
  int8,
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
/** 127 · 2^121: the next step would be beyond float32. */
const largestInt8 = float32Value(0x7f7e0000)

function within(value: number, largest: number): number {
  return Math.max(-largest, Math.min(largest, value))
}

/** For |value| < 2^51: there float64 has no room for a fraction, and adding rounds to nearest, ties to even. */
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
  // Subnormals share the smallest exponent. A mantissa that rounds up to 2048 carries into the exponent, as it should.
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

function commonExponent(scalars: Float32Array): number {
  const largest = scalars.reduce((most, scalar) => Math.max(most, Math.abs(scalar)), 0)
  const exponent = Math.max(-128, exponentOf(within(largest, largestInt8)) - 6)
  return largest > 127 * powerOfTwo(exponent) ? exponent + 1 : exponent
}

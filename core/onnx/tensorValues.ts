/** ONNX tensors and what they hold: shapes, element types, values as typed arrays. */
import { create } from '@bufbuild/protobuf'
import { HisoError } from '../base/index.ts'
import {
  TensorProtoSchema,
  TensorProto_DataType as DataType,
  type SparseTensorProto,
  type TensorProto,
} from './onnx.generated.ts'

/**
 * ONNX's names of element types, by number; those after BFLOAT16 are newer than our copy of the
 * format.
 */
const typeNames: readonly string[] = [
  ...['undefined', 'float32', 'uint8', 'int8', 'uint16', 'int16', 'int32', 'int64', 'string'],
  ...['bool', 'float16', 'float64', 'uint32', 'uint64', 'complex64', 'complex128', 'bfloat16'],
  ...[
    'float8e4m3fn',
    'float8e4m3fnuz',
    'float8e5m2',
    'float8e5m2fnuz',
    'uint4',
    'int4',
    'float4e2m1',
  ],
]

/** The name of an ONNX element type, such as float32. */
export function typeName(type: number): string {
  return typeNames[type] ?? `type ${type}`
}

/** float32, float64 or int64 tensor with its data stored raw. */
export function tensor(
  name: string,
  shape: readonly number[],
  data: Float32Array | Float64Array | BigInt64Array,
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: typeOf(data),
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
  })
}

function typeOf(data: Float32Array | Float64Array | BigInt64Array): DataType {
  if (data instanceof Float32Array) return DataType.FLOAT
  return data instanceof Float64Array ? DataType.DOUBLE : DataType.INT64
}

export function shapeOf(tensor: TensorProto): number[] {
  return tensor.dims.map(Number)
}

/** The number of scalars in a shape; 1 for a scalar's empty shape. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

/**
 * The values of a tensor of floating-point numbers as float32, in a buffer of their own. Half
 * precision is exact in it; of float64 the nearest float32 is taken.
 * @throws HisoError MODEL_INVALID when the tensor holds another number of values than its shape
 *   says
 */
export function float32Values(tensor: TensorProto): Float32Array {
  const size = sizeOf(shapeOf(tensor))
  const widen = widening[tensor.dataType]
  if (widen !== undefined) {
    const values = widen(tensor)
    checkLength(tensor, values.length, size)
    return values
  }
  if (tensor.floatData.length > 0) {
    checkLength(tensor, tensor.floatData.length, size)
    return Float32Array.from(tensor.floatData)
  }
  const raw = tensor.rawData
  checkLength(tensor, raw.byteLength / 4, size)
  return new Float32Array(raw.slice().buffer, 0, size)
}

/** Sixteen bits each, from raw bytes or, one a number, from int32. */
function halves({ rawData, int32Data }: TensorProto): Uint16Array {
  if (int32Data.length > 0) return Uint16Array.from(int32Data)
  const raw = rawData.slice().buffer
  return new Uint16Array(raw, 0, Math.floor(raw.byteLength / 2))
}

const widening: Readonly<Partial<Record<number, (tensor: TensorProto) => Float32Array>>> = {
  [DataType.FLOAT16]: (tensor) => Float32Array.from(halves(tensor), float16Value),
  [DataType.BFLOAT16](tensor) {
    const bits = Uint32Array.from(halves(tensor), (half) => half * 2 ** 16)
    return new Float32Array(bits.buffer)
  },
  [DataType.DOUBLE]({ rawData, doubleData }) {
    if (doubleData.length > 0) return Float32Array.from(doubleData)
    const raw = rawData.slice().buffer
    return Float32Array.from(new Float64Array(raw, 0, Math.floor(raw.byteLength / 8)))
  },
}

/** IEEE 754 binary16: sign, five bits of exponent, ten of fraction. */
function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

/** The values of an int64 or int32 tensor. @throws HisoError MODEL_INVALID as `float32Values` */
export function integerValues(tensor: TensorProto): number[] {
  const size = sizeOf(shapeOf(tensor))
  const wide = tensor.dataType === DataType.INT64
  const listed = wide ? tensor.int64Data.map(Number) : [...tensor.int32Data]
  if (listed.length > 0) {
    checkLength(tensor, listed.length, size)
    return listed
  }
  const raw = tensor.rawData.slice().buffer
  checkLength(tensor, raw.byteLength / (wide ? 8 : 4), size)
  return wide
    ? Array.from(new BigInt64Array(raw), Number)
    : Array.from(new Int32Array(raw, 0, size))
}

function checkLength(tensor: TensorProto, found: number, expected: number): void {
  if (found === expected) return
  throw new HisoError('MODEL_INVALID', {
    where: tensor.name,
    what: `the tensor holds ${found} values, but its shape [${shapeOf(tensor).join(', ')}] needs ${expected}`,
    remedy: 'Export the model again',
  })
}

/** Numbers of a sparse tensor, at most, its zeros included. */
const largestSparse = 2 ** 28

/** @throws HisoError MODEL_INVALID where the indices do not fit the shape */
export function denseTensor(sparse: SparseTensorProto, name: string): TensorProto {
  const shape = sparse.dims.map(Number)
  const size = sizeOf(shape)
  const invalid = (what: string) =>
    new HisoError('MODEL_INVALID', {
      where: name,
      what: `the sparse tensor ${what}`,
      remedy: 'Export the model again, with dense weights',
    })
  if (!(size <= largestSparse)) throw invalid(`has the shape [${shape.join(', ')}], too large`)
  if (sparse.values === undefined || sparse.indices === undefined) throw invalid('has no values')
  const values = float32Values(sparse.values)
  const indices = integerValues(sparse.indices)
  const isLinear = sparse.indices.dims.length === 1
  const dense = new Float32Array(size)
  values.forEach((value, at) => {
    const own = isLinear
      ? [indices[at]!]
      : indices.slice(at * shape.length, (at + 1) * shape.length)
    const place = isLinear ? own[0]! : own.reduce((sum, index, d) => sum * shape[d]! + index, 0)
    if (!(place >= 0 && place < size)) throw invalid('has an index outside its shape')
    dense[place] = value
  })
  return tensor(name, shape, dense)
}

export { DataType }

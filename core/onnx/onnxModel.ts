/**
 * Reads and writes ONNX files: bytes to messages and back (unknown fields survive), and tensors to
 * typed arrays. It does not know what operators mean.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { HisoError, joinBytes, messageOf } from '../base/index.ts'
import { checkModel, checkValues } from './checkModel.ts'
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  TensorProtoSchema,
  TensorProto_DataLocation as DataLocation,
  TensorProto_DataType as DataType,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type SparseTensorProto,
  type TensorProto,
  type ValueInfoProto,
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

/** A dimension: a number, or the name of one that is known only when the model runs. */
export type Dimension = number | string

/** The name of a dimension that has none. */
export const UNKNOWN = '?'

/** Produces a slice of a file beside the model. @throws anything if the file cannot be read */
export type ExternalData = (
  location: string,
  offset: number,
  length: number | undefined,
) => Uint8Array

/**
 * Decodes an ONNX file. Byte fields are views into `bytes`.
 * @throws HisoError MODEL_INVALID if it is not an ONNX model, or is cut short
 */
export function decodeModel(bytes: Uint8Array): ModelProto & { graph: GraphProto } {
  let model: ModelProto
  try {
    model = fromBinary(ModelProtoSchema, bytes)
  } catch (cause) {
    throw notOnnx(messageOf(cause), cause)
  }
  if (model.graph === undefined || model.graph.node.length === 0) throw notOnnx('it holds no graph')
  if (model.opsetImport.length === 0) throw notOnnx('it names no operator set')
  checkModel(model.graph)
  densify(model.graph)
  return model as ModelProto & { graph: GraphProto }
}

function notOnnx(reason: string, cause?: unknown): HisoError {
  return new HisoError('MODEL_INVALID', {
    what: `this is not an ONNX model, or it is cut short (${reason})`,
    remedy: 'Export or copy the model again and check that the file is complete',
    cause,
  })
}

export function encodeModel(model: ModelProto): Uint8Array {
  return toBinary(ModelProtoSchema, model)
}

/** The version of the standard operator set that the model uses; 0 if it uses none. */
export function opsetOf(model: ModelProto): number {
  const standard = model.opsetImport.find((it) => it.domain === '' || it.domain === 'ai.onnx')
  return Number(standard?.version ?? 0n)
}

/** Lets the model use operators besides the standard ones. */
export function importOperators(model: ModelProto, domain: string, version: number): void {
  if (model.opsetImport.some((it) => it.domain === domain)) return
  model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain, version: BigInt(version) }))
}

/** float32 or int64 tensor with its data stored raw. */
export function tensor(
  name: string,
  shape: readonly number[],
  data: Float32Array | BigInt64Array,
): TensorProto {
  return create(TensorProtoSchema, {
    name,
    dims: shape.map(BigInt),
    dataType: data instanceof Float32Array ? DataType.FLOAT : DataType.INT64,
    rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength).slice(),
  })
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

/** True if the tensor's data lies in a file beside the model. */
export function isExternal(tensor: TensorProto): boolean {
  return tensor.dataLocation === DataLocation.EXTERNAL
}

/** The name of the file beside the model that holds an external tensor. */
function externalLocation(tensor: TensorProto): string {
  return tensor.externalData.find((it) => it.key === 'location')?.value ?? ''
}

/** Every tensor that the graph itself holds: initializers and Constant nodes. */
export function tensorsOf(graph: GraphProto): TensorProto[] {
  const constants = graph.node.map(constantTensor)
  return [...graph.initializer, ...constants.filter((it) => it !== undefined)]
}

/**
 * The files beside the model that hold its tensors, each once, sorted.
 * @throws HisoError MODEL_INVALID if one lies outside the model's folder
 */
export function externalFilesOf(graph: GraphProto): string[] {
  const files = [...new Set(tensorsOf(graph).filter(isExternal).map(externalLocation))].sort()
  const outside = files.find((it) => /^([/\\]|[A-Za-z]:)|(^|[/\\])\.\.([/\\]|$)/.test(it))
  if (outside === undefined) return files
  throw new HisoError('MODEL_INVALID', {
    where: outside,
    what: 'the model keeps values in a file outside its own folder',
    remedy: 'Export the model with its data beside it, or as one file',
  })
}

/**
 * External data from files already read, each in consecutive parts, by the names that
 * `inspectModel` lists.
 */
export function externalDataFrom(files: ReadonlyMap<string, readonly Uint8Array[]>): ExternalData {
  return (location, offset, length) => {
    const parts = files.get(location)
    if (parts === undefined) throw new Error('the file was not read')
    return sliceOf(parts, offset, length === undefined ? Infinity : offset + length)
  }
}

/** A view if the bytes lie in one part, otherwise a copy; shorter if the parts end. */
function sliceOf(parts: readonly Uint8Array[], from: number, to: number): Uint8Array {
  const pieces: Uint8Array[] = []
  let start = 0
  for (const part of parts) {
    const end = start + part.length
    if (from < end && to > start)
      pieces.push(part.subarray(Math.max(0, from - start), Math.min(part.length, to - start)))
    start = end
  }
  return pieces.length === 1 ? pieces[0]! : joinBytes(pieces)
}

/**
 * Brings an external tensor's data into the model.
 * @throws HisoError MODEL_NOT_FOUND naming a missing file, MODEL_INVALID if it is too short
 */
export function embedExternal(tensor: TensorProto, read: ExternalData | undefined): void {
  const entry = (key: string): string | undefined =>
    tensor.externalData.find((it) => it.key === key)?.value
  const location = externalLocation(tensor)
  const offset = Number(entry('offset') ?? 0)
  const length = entry('length') === undefined ? undefined : Number(entry('length'))
  const missing = (cause?: unknown): HisoError =>
    new HisoError('MODEL_NOT_FOUND', {
      where: location,
      what: `the model keeps the values of ${tensor.name} in this file beside it, which can't be read`,
      remedy: 'Put the file into the same folder as the model, or export the model as one file',
      cause,
    })
  if (read === undefined) throw missing()
  let data: Uint8Array
  try {
    data = read(location, offset, length)
  } catch (cause) {
    throw cause instanceof HisoError ? cause : missing(cause)
  }
  if (length !== undefined && data.byteLength !== length) {
    throw new HisoError('MODEL_INVALID', {
      where: location,
      what: `the file ends before the values of ${tensor.name} (${length} bytes from ${offset})`,
      remedy: 'Copy the file again; it is cut short or belongs to another model',
    })
  }
  tensor.rawData = data
  tensor.externalData = []
  tensor.dataLocation = DataLocation.DEFAULT
  checkValues(tensor, sizeOf(shapeOf(tensor)))
}

/**
 * The dimensions of a value, or undefined if the file does not say. A dimension without a name is
 * UNKNOWN.
 */
export function dimensionsOf(value: ValueInfoProto): Dimension[] | undefined {
  if (value.type?.value.case !== 'tensorType') return undefined
  return value.type.value.value.shape?.dim.map((dim) => {
    if (dim.value.case === 'dimValue')
      // Some exporters write -1 for what is open.
      return dim.value.value < 0n ? UNKNOWN : Number(dim.value.value)
    return dim.value.case === 'dimParam' && dim.value.value !== '' ? dim.value.value : UNKNOWN
  })
}

/**
 * Gives a dimension of a tensor value a name instead of a number; does nothing if the file does not
 * say its shape.
 */
export function nameDimension(value: ValueInfoProto, index: number, name: string): void {
  if (value.type?.value.case !== 'tensorType') return
  const dim = value.type.value.value.shape?.dim[index]
  if (dim !== undefined) dim.value = { case: 'dimParam', value: name }
}

/** The element type of a tensor value; 0 if it is no tensor or the file does not say. */
export function elementTypeOf(value: ValueInfoProto): number {
  return value.type?.value.case === 'tensorType' ? value.type.value.value.elemType : 0
}

export function valueInfo(
  name: string,
  elemType: number,
  dimensions: readonly Dimension[],
): ValueInfoProto {
  const dim = dimensions.map((it) =>
    typeof it === 'number'
      ? { value: { case: 'dimValue' as const, value: BigInt(it) } }
      : { value: { case: 'dimParam' as const, value: it } },
  )
  return create(ValueInfoProtoSchema, {
    name,
    type: { value: { case: 'tensorType', value: { elemType, shape: { dim } } } },
  })
}

export type AttributeValue = number | string | readonly number[]

/**
 * A node. Numbers become integer attributes: the operators that we write take no float attributes.
 * @param domain of the operator; the standard set's by default
 */
export function node(
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: Readonly<Record<string, AttributeValue>> = {},
  domain = '',
): NodeProto {
  return create(NodeProtoSchema, {
    opType,
    domain,
    name: output,
    input: [...inputs],
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  })
}

export function attribute(name: string, value: AttributeValue): AttributeProto {
  if (typeof value === 'number') {
    return create(AttributeProtoSchema, { name, type: AttributeType.INT, i: BigInt(value) })
  }
  if (typeof value === 'string') {
    const s = new TextEncoder().encode(value)
    return create(AttributeProtoSchema, { name, type: AttributeType.STRING, s })
  }
  return create(AttributeProtoSchema, { name, type: AttributeType.INTS, ints: value.map(BigInt) })
}

export function floatAttribute(name: string, value: number): AttributeProto {
  return create(AttributeProtoSchema, { name, type: AttributeType.FLOAT, f: value })
}

/** An integer attribute of a node, or undefined if the node leaves it at its default. */
export function integerAttribute(node: NodeProto, name: string): number | undefined {
  const found = node.attribute.find((it) => it.name === name)
  return found === undefined ? undefined : Number(found.i)
}

/** The tensor that a Constant node holds, in whatever attribute, if it holds numbers. */
export function constantTensor(node: NodeProto): TensorProto | undefined {
  if (node.opType !== 'Constant') return undefined
  const [name = ''] = node.output
  for (const it of node.attribute)
    switch (it.name) {
      case 'value':
        return it.t
      case 'value_float':
        return tensor(name, [], Float32Array.of(it.f))
      case 'value_floats':
        return tensor(name, [it.floats.length], Float32Array.from(it.floats))
      case 'value_int':
        return tensor(name, [], BigInt64Array.of(it.i))
      case 'value_ints':
        return tensor(name, [it.ints.length], BigInt64Array.from(it.ints))
      case 'sparse_value':
        return it.sparseTensor && denseTensor(it.sparseTensor, name)
    }
  return undefined
}

/** Numbers of a sparse tensor, at most, its zeros included. */
const largestSparse = 2 ** 28

/** @throws HisoError MODEL_INVALID where the indices do not fit the shape */
function denseTensor(sparse: SparseTensorProto, name: string): TensorProto {
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

/** Makes sparse initializers dense ones, in place: weights like all others. */
function densify(graph: GraphProto): void {
  for (const sparse of graph.sparseInitializer)
    graph.initializer.push(denseTensor(sparse, sparse.values?.name ?? ''))
  graph.sparseInitializer = []
}

export { DataType }
export type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto }

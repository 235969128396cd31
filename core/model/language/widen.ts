/**
 * Converts a graph of half-precision floats to float32, in place: weights, constants, casts, inputs
 * and outputs. A probe moves weights by less than float16 can represent, so masters and arithmetic
 * are float32. Every stored value stays exact.
 */
import {
  DataType,
  type GraphProto,
  type NodeProto,
  shapeOf,
  sizeOf,
  type TensorProto,
  type ValueInfoProto,
} from '../../onnx/index.ts'

const isHalf = (type: number) => type === DataType.FLOAT16 || type === DataType.BFLOAT16

/** Attributes that name an element type, by operator. */
const typeAttributes = new Set(['to', 'dtype', 'stash_type', 'output_dtype'])

/** @returns whether there was anything to convert */
export function widenToFloat32(graph: GraphProto): boolean {
  let changed = false
  const values = [...graph.input, ...graph.output, ...graph.valueInfo]
  for (const value of values) if (widenValue(value)) changed = true
  for (const tensor of graph.initializer) if (widenTensor(tensor)) changed = true
  for (const node of graph.node) if (widenNode(node)) changed = true
  return changed
}

function widenNode(node: NodeProto): boolean {
  let changed = false
  for (const attribute of node.attribute) {
    if (attribute.t !== undefined && widenTensor(attribute.t)) changed = true
    for (const body of [attribute.g, ...attribute.graphs])
      if (body !== undefined && widenToFloat32(body)) changed = true
    if (typeAttributes.has(attribute.name) && isHalf(Number(attribute.i))) {
      attribute.i = BigInt(DataType.FLOAT)
      changed = true
    }
  }
  return changed
}

function widenValue(value: ValueInfoProto): boolean {
  if (value.type?.value.case !== 'tensorType') return false
  const type = value.type.value.value
  if (!isHalf(type.elemType)) return false
  type.elemType = DataType.FLOAT
  return true
}

function widenTensor(tensor: TensorProto): boolean {
  if (!isHalf(tensor.dataType)) return false
  const size = sizeOf(shapeOf(tensor))
  const raw = tensor.rawData.slice()
  // Halves that are not raw are stored one by one in 32-bit integers.
  const halves =
    tensor.int32Data.length > 0
      ? Uint16Array.from(tensor.int32Data)
      : new Uint16Array(raw.buffer, 0, size)
  const widened =
    tensor.dataType === DataType.FLOAT16
      ? Float32Array.from(halves, float16Value)
      : new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer)
  tensor.dataType = DataType.FLOAT
  tensor.int32Data = []
  tensor.rawData = new Uint8Array(widened.buffer)
  return true
}

/** The number that the 16 bits of an IEEE half stand for. */
export function float16Value(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN
  if (exponent === 0) return sign * fraction * 2 ** -24
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

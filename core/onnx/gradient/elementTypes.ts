/** The element types of operators' outputs. Most operators return the type of their first input. */
import { type NodeProto } from '../onnxModel.ts'
import { DataType } from '../tensorValues.ts'
import { hasAttribute, integerOf, tensorOf } from './attributes.ts'
import type { KnownValues } from './shape.ts'

const integer = new Set(['Shape', 'Size', 'NonZero', 'ArgMax', 'ArgMin'])
const logical = new Set(
  'Equal Greater GreaterOrEqual Less LessOrEqual And Or Not Xor IsNaN IsInf'.split(' '),
)
/** Operators with a second output of positions. */
const withPositions = new Set(['MaxPool', 'TopK'])

/** @returns the ONNX element type, 0 if unknown */
export function inferElementType(node: NodeProto, output: number, facts: KnownValues): number {
  const typeOf = (input: number): number => facts.type(node.input[input] ?? '')
  const { opType } = node
  if (integer.has(opType)) return DataType.INT64
  if (logical.has(opType)) return DataType.BOOL
  if (output > 0 && withPositions.has(opType)) return DataType.INT64
  if (output > 0 && opType === 'Dropout') return DataType.BOOL
  // The statistics have the type of stash_type, which is always float32.
  if (output > 0 && opType === 'LayerNormalization') return DataType.FLOAT
  switch (opType) {
    case 'Cast':
      return integerOf(node, 'to', DataType.FLOAT)
    case 'CastLike':
    case 'Where':
      return typeOf(1)
    case 'OneHot':
      return typeOf(2)
    case 'Constant':
      return constantType(node)
    case 'ConstantOfShape':
      return tensorOf(node, 'value')?.dataType ?? DataType.FLOAT
    default:
      return typeOf(0)
  }
}

function constantType(node: NodeProto): number {
  const tensor = tensorOf(node, 'value')
  if (tensor !== undefined) return tensor.dataType
  if (hasAttribute(node, 'value_float') || hasAttribute(node, 'value_floats')) return DataType.FLOAT
  if (hasAttribute(node, 'value_int') || hasAttribute(node, 'value_ints')) return DataType.INT64
  return DataType.UNDEFINED
}

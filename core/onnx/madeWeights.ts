/**
 * Numbers that stand where weights stand and that no tensor of the graph holds as floating-point
 * numbers: made by an operator, converted from whole numbers, or inside a function of the file.
 */
import { create } from '@bufbuild/protobuf'
import { constantCalled, nodesBehind, subgraphsOf, type GraphFacts } from './graphFacts.ts'
import { TensorProtoSchema, type FunctionProto } from './onnx.generated.ts'
import {
  constantTensor,
  integerAttribute,
  integersAttribute,
  tensorsOf,
  type GraphProto,
  type NodeProto,
  type TensorProto,
} from './onnxModel.ts'
import { DataType, integerValues, shapeOf } from './tensorValues.ts'

export const floatTypes = new Set<number>([
  DataType.FLOAT,
  DataType.FLOAT16,
  DataType.BFLOAT16,
  DataType.DOUBLE,
])

/** Sums and products of numbers at the same place. */
export const elementwise = new Set(['Add', 'Sub', 'Mul', 'Div', 'Sum'])

/** Operators that make tensors of numbers which no file holds. */
const makers = new Set([
  ...['ConstantOfShape', 'EyeLike', 'Range'],
  ...['RandomNormal', 'RandomUniform', 'RandomNormalLike', 'RandomUniformLike'],
])

/** Operators that keep numbers as they are, and their type. */
export const views = new Set([
  ...['Identity', 'Transpose', 'Reshape', 'Unsqueeze', 'Squeeze', 'Flatten', 'Expand'],
  ...['Slice', 'Split', 'Concat', 'Tile'],
])

/**
 * What a maker makes: of one number where the file tells no shape.
 *
 * @returns undefined for other nodes, and for whole numbers that stay so
 */
export function madeTensor(
  node: NodeProto,
  { graph, facts }: { readonly graph: GraphProto; readonly facts: GraphFacts },
): TensorProto | undefined {
  if (!makers.has(node.opType)) return undefined
  const [name = ''] = node.output
  const constant = (input: number) => constantCalled(node.input[input] ?? '', graph, facts)
  const dataType =
    node.attribute.find((it) => it.name === 'value')?.t?.dataType ??
    integerAttribute(node, 'dtype') ??
    (node.opType === 'Range' ? constant(0)?.dataType : undefined) ??
    DataType.FLOAT
  if (!floatTypes.has(dataType) && !becomesFloat(name, facts)) return undefined
  const asked = integersAttribute(node, 'shape')
  const sizes = node.opType === 'ConstantOfShape' ? constant(0) : undefined
  const shape = asked ?? (sizes === undefined ? [] : integerValues(sizes))
  return create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType })
}

/** Whether numbers of another type are converted to floating point, maybe behind views. */
export function becomesFloat(name: string, { uses }: GraphFacts): boolean {
  const seen = new Set([name])
  for (const value of seen)
    for (const { node, input } of uses.get(value) ?? []) {
      if (node.opType === 'Cast' && floatTypes.has(integerAttribute(node, 'to') ?? 0)) return true
      if (node.opType === 'DequantizeLinear' && input === 0) return true
      if (!views.has(node.opType) || (input > 0 && node.opType !== 'Concat')) continue
      for (const output of node.output) seen.add(output)
    }
  return false
}

/** Tensors that the bodies of If, Loop and Scan bring along, at any depth. */
export function tensorsInside(node: NodeProto): TensorProto[] {
  return subgraphsOf(node).flatMap((body) => [
    ...tensorsOf(body),
    ...body.node.flatMap(tensorsInside),
  ])
}

/** The file's own functions that a value depends on, those that they call themselves among them. */
export function functionsBehind(
  { functions }: { readonly functions: readonly FunctionProto[] },
  graph: GraphProto,
  target: string,
): FunctionProto[] {
  const found = new Set<FunctionProto>()
  const call = (nodes: readonly NodeProto[]) => {
    for (const { opType, domain } of nodes)
      for (const it of functions) if (it.name === opType && it.domain === domain) found.add(it)
  }
  call(nodesBehind(graph, target))
  for (const { node } of found) call(node)
  return [...found]
}

/** Tensors that the body of a function holds. */
export function tensorsOfFunction({ node }: FunctionProto): TensorProto[] {
  return node.flatMap((it) => [constantTensor(it) ?? [], tensorsInside(it)].flat())
}

/** Whether a tensor of a body could be weights: floating point, and more than one number. */
export function looksTrained(tensor: TensorProto): boolean {
  return floatTypes.has(tensor.dataType) && shapeOf(tensor).some((size) => size > 1)
}

/**
 * Reads and writes ONNX files: bytes to messages and back (unknown fields survive), values, nodes
 * and attributes. It does not know what operators mean.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import { HisoError, messageOf } from '../base/index.ts'
import { checkLoops } from './checkLoops.ts'
import { checkModel } from './checkModel.ts'
import {
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  ValueInfoProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
  type ValueInfoProto,
} from './onnx.generated.ts'
import { denseTensor, tensor } from './tensorValues.ts'

/** A dimension: a number, or the name of one that is known only when the model runs. */
export type Dimension = number | string

/** The name of a dimension that has none. */
export const UNKNOWN = '?'

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
  checkMetadata(model)
  checkModel(model.graph)
  for (const nodes of [model.graph, ...model.functions]) checkLoops(nodes, constantTensor)
  densify(model.graph)
  return model as ModelProto & { graph: GraphProto }
}

/** Which of two values a key means, each program would decide for itself. */
function checkMetadata({ metadataProps }: ModelProto): void {
  const values = new Map<string, string>()
  for (const { key, value } of metadataProps) {
    if ((values.get(key) ?? value) !== value)
      throw new HisoError('MODEL_INVALID', {
        what: `its metadata gives "${key}" two values`,
        remedy: 'Export the model again, or take one of them out of its metadata',
      })
    values.set(key, value)
  }
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

/** Every tensor that the graph itself holds: initializers and Constant nodes. */
export function tensorsOf(graph: GraphProto): TensorProto[] {
  const constants = graph.node.map(constantTensor)
  return [...graph.initializer, ...constants.filter((it) => it !== undefined)]
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

/** Gives a tensor value another element type. */
export function setElementType(value: ValueInfoProto, type: number): void {
  if (value.type?.value.case === 'tensorType') value.type.value.value.elemType = type
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

/** A list attribute of a node, or undefined if the node leaves it at its default. */
export function integersAttribute(node: NodeProto, name: string): number[] | undefined {
  return node.attribute.find((it) => it.name === name)?.ints.map(Number)
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

/** Makes sparse initializers dense ones, in place: weights like all others. */
function densify(graph: GraphProto): void {
  for (const sparse of graph.sparseInitializer)
    graph.initializer.push(denseTensor(sparse, sparse.values?.name ?? ''))
  graph.sparseInitializer = []
}

export type { GraphProto, ModelProto, NodeProto, TensorProto, ValueInfoProto }

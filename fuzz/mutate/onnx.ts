/**
 * Ways to spoil ONNX models that know what they are made of: nodes, tensors, shapes, attributes.
 */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  type AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  SparseTensorProtoSchema,
  TensorProtoSchema,
  type AttributeProto,
  type GraphProto,
  type ModelProto,
  type NodeProto,
  type TensorProto,
} from '../../core/onnx/onnx.generated.ts'
import { node, valueInfo } from '../../core/onnx/index.ts'
import type { Draw } from '../draw.ts'
import type { Mutator } from '../target.ts'
import { anyBytes } from './bytes.ts'
import { protobufFields } from './protobuf.ts'

type Change = (model: ModelProto & { readonly graph: GraphProto }, draw: Draw) => void

const onModel =
  (change: Change): Mutator =>
  (bytes, draw) => {
    let model: ModelProto
    try {
      model = fromBinary(ModelProtoSchema, bytes)
    } catch {
      return bytes
    }
    if (model.graph === undefined) return bytes
    for (let times = draw.length(3); times > 0; times--)
      change(model as ModelProto & { graph: GraphProto }, draw)
    return toBinary(ModelProtoSchema, model)
  }

const operators: readonly string[] = (
  'Identity Add Mul Sub Div MatMul Gemm Conv ConvTranspose MaxPool AveragePool Concat Split Slice Gather GatherND ' +
  'Reshape Flatten Squeeze Unsqueeze Transpose Expand Tile Pad Cast CastLike Constant ConstantOfShape Shape Size Range ' +
  'EyeLike OneHot NonZero Where TopK ArgMax Softmax LogSoftmax ReduceSum ReduceMean BatchNormalization LayerNormalization ' +
  'Resize DepthToSpace SpaceToDepth CumSum Einsum LSTM GRU RNN If Loop Scan QuantizeLinear DequantizeLinear Trilu ' +
  'SequenceConstruct Dropout Sum Max Relu Clip Unknown constructor __proto__'
).split(' ')
const attributes: readonly string[] = (
  'axis axes perm shape value value_int value_ints value_float value_floats value_string value_strings kernel_shape ' +
  'strides pads dilations group transA transB alpha beta epsilon to start end steps split keepdims allowzero mode ' +
  'output_padding auto_pad ceil_mode count_include_pad hidden_size direction num_outputs batch_dims equation k dtype'
).split(' ')

/** Dimensions, mostly small and now and then absurd. */
const length = (draw: Draw) => BigInt(draw.oneIn(2) ? draw.below(6) : draw.boundary())
const integer = (draw: Draw) => BigInt.asIntN(64, length(draw))
const float = (draw: Draw) =>
  draw.pick([0, 1, -1, 0.5, NaN, Infinity, -Infinity, 1e-45, 3.4e38, draw.boundary()])
const some = <Value>(draw: Draw, most: number, make: (draw: Draw) => Value): Value[] =>
  Array.from({ length: draw.below(most + 1) }, () => make(draw))

const graphsOf = (graph: GraphProto): GraphProto[] => [
  graph,
  ...graph.node.flatMap(({ attribute }) =>
    attribute
      .flatMap(({ g, graphs }) => (g === undefined ? graphs : [g, ...graphs]))
      .flatMap(graphsOf),
  ),
]

const namesIn = (graph: GraphProto): string[] => [
  ...graph.initializer.map((it) => it.name),
  ...graph.input.map((it) => it.name),
  ...graph.node.flatMap((it) => it.output),
  '',
]

const pickNode = ({ graph }: { readonly graph: GraphProto }, draw: Draw): NodeProto | undefined => {
  const { node: nodes } = draw.pick(graphsOf(graph))
  return nodes.length === 0 ? undefined : draw.pick(nodes)
}

const onNode =
  (change: (of: NodeProto, draw: Draw, graph: GraphProto) => void): Change =>
  (model, draw) => {
    const found = pickNode(model, draw)
    if (found !== undefined) change(found, draw, model.graph)
  }

function pickTensor(
  { graph }: { readonly graph: GraphProto },
  draw: Draw,
): TensorProto | undefined {
  const tensors = [
    ...graph.initializer,
    ...graph.node.flatMap((it) => it.attribute.flatMap(({ t }) => t ?? [])),
  ]
  return tensors.length === 0 ? undefined : draw.pick(tensors)
}

function oddTensor(draw: Draw, name = ''): TensorProto {
  const dims = some(draw, 4, length)
  return create(TensorProtoSchema, {
    name,
    dims,
    dataType: draw.between(0, 24),
    ...draw.pick([
      { floatData: some(draw, 8, float) },
      { int64Data: some(draw, 8, integer) },
      { int32Data: some(draw, 8, (it) => it.between(-128, 127)) },
      { rawData: draw.bytes(draw.length(64)) },
      {},
    ]),
  })
}

function oddAttribute(draw: Draw, old?: AttributeProto): AttributeProto {
  const name = old !== undefined && draw.oneIn(2) ? old.name : draw.pick(attributes)
  return create(AttributeProtoSchema, {
    name,
    type: (draw.oneIn(8) ? undefined : old?.type) ?? (draw.below(15) as AttributeType),
    ...draw.pick([
      { i: integer(draw), type: 2 },
      { f: float(draw), type: 1 },
      { ints: some(draw, 6, integer), type: 7 },
      { floats: some(draw, 6, float), type: 6 },
      { s: draw.bytes(draw.length(16)), type: 3 },
      { t: oddTensor(draw), type: 4 },
      {},
    ]),
  })
}

const changes: readonly Change[] = [
  onNode((of, draw) => (of.opType = draw.pick(operators))),
  onNode((of, draw, graph) => {
    of.input[draw.below(of.input.length + 1)] = draw.pick(namesIn(graph))
  }),
  onNode((of, draw, graph) => {
    of.output[draw.below(of.output.length + 1)] = draw.pick(namesIn(graph))
  }),
  onNode((of, draw) => of.input.splice(draw.below(of.input.length + 1), draw.length(3))),
  onNode((of, draw) => of.attribute.splice(draw.below(of.attribute.length + 1), 1)),
  onNode((of, draw) => of.attribute.push(oddAttribute(draw))),
  onNode((of, draw) => {
    if (of.attribute.length > 0) {
      const at = draw.below(of.attribute.length)
      of.attribute[at] = oddAttribute(draw, of.attribute[at])
    }
  }),
  onNode((of, draw) => (of.domain = draw.pick(['', 'ai.onnx', 'com.microsoft', 'x']))),
  // A value goes through one more node.
  onNode((of, draw, graph) => {
    const at = draw.below(of.input.length + 1)
    const name = `odd${graph.node.length}`
    const added = node(
      draw.pick(operators),
      [of.input[at] ?? '', ...some(draw, 2, (it) => it.pick(namesIn(graph)))],
      name,
    )
    added.attribute = some(draw, 3, (it) => oddAttribute(it))
    graph.node.splice(draw.below(graph.node.length + 1), 0, added)
    of.input[at] = name
  }),
  // A tensor of its own.
  onNode((of, draw, graph) => {
    const name = `tensor${graph.initializer.length}`
    graph.initializer.push(oddTensor(draw, name))
    of.input[draw.below(of.input.length + 1)] = name
  }),
  (model, draw) => {
    const tensor = pickTensor(model, draw)
    if (tensor === undefined) return
    if (draw.oneIn(2)) tensor.dims = some(draw, 5, length)
    else if (tensor.dims.length > 0) tensor.dims[draw.below(tensor.dims.length)] = length(draw)
  },
  (model, draw) => {
    const tensor = pickTensor(model, draw)
    if (tensor !== undefined) tensor.dataType = draw.between(0, 24)
  },
  (model, draw) => {
    const tensor = pickTensor(model, draw)
    if (tensor !== undefined)
      tensor.rawData = draw.pick(anyBytes)(tensor.rawData, draw, [tensor.rawData])
  },
  ({ graph }, draw) => {
    const values = [...graph.input, ...graph.output, ...graph.valueInfo]
    if (values.length === 0) return
    const of = draw.pick(values)
    const type = draw.oneIn(4) ? draw.between(0, 24) : 1
    of.type = valueInfo(
      of.name,
      type,
      some(draw, 4, (it) => (it.oneIn(4) ? 'n' : Number(length(it)))),
    ).type!
  },
  ({ graph }, draw) => {
    graph.output.splice(draw.below(graph.output.length + 1), 1)
    graph.output.push(valueInfo(draw.pick(namesIn(graph)), 1, ['n', draw.below(20)]))
  },
  ({ graph }, draw) => void graph.input.splice(draw.below(graph.input.length + 1), 1),
  ({ graph }, draw) => void graph.initializer.splice(draw.below(graph.initializer.length + 1), 1),
  ({ graph }, draw) => {
    const name = draw.pick(namesIn(graph))
    const values = oddTensor(draw, name)
    const indices = oddTensor(draw, name)
    graph.sparseInitializer.push(
      create(SparseTensorProtoSchema, { values, indices, dims: some(draw, 4, length) }),
    )
  },
  (model, draw) => {
    for (const opset of model.opsetImport)
      opset.version = BigInt(draw.pick([1, 6, 9, 11, 13, 17, 21, 25]))
  },
  // A body inside a node.
  onNode((of, draw, graph) => {
    of.opType = draw.pick(['If', 'Loop', 'Scan', 'Identity'])
    of.attribute.push(
      create(AttributeProtoSchema, {
        name: draw.pick(['body', 'then_branch', 'else_branch']),
        type: 5,
        g: bodyOf(graph),
      }),
    )
  }),
]

const LARGEST_BODY = 2 ** 16

/** A copy to be put into the graph itself; of a large one, an empty graph. */
function bodyOf(graph: GraphProto): GraphProto {
  const bytes = toBinary(GraphProtoSchema, graph)
  return bytes.length < LARGEST_BODY
    ? fromBinary(GraphProtoSchema, bytes)
    : create(GraphProtoSchema, { name: 'body' })
}

export const onnxMutators: readonly Mutator[] = [
  ...changes.map(onModel),
  protobufFields,
  protobufFields,
  protobufFields,
  ...anyBytes,
]

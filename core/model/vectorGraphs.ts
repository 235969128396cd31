/**
 * The arithmetic of a round as ONNX graphs, for devices that hold x. Vectors pass as the tensors of
 * the trainables, as a trainable graph takes them. Every operation is a node of its own, so that
 * none is fused with the next and each rounds once.
 */
import { create } from '@bufbuild/protobuf'
import {
  DataType,
  encodeModel,
  ModelProtoSchema,
  node,
  type NodeProto,
  tensor,
  type TensorProto,
  valueInfo,
  type ValueInfoProto,
} from '../onnx/index.ts'
import type { LowRankLayout } from './grouped/lowRankLayout.ts'
import type { NamedTensor, NamedTensors } from './language/graphRunner.ts'
import type { Trainable } from './trainableGraph.ts'

/** The same as in the models that are built here. */
const OPSET = 17
const IR_VERSION = 8

/** The vector that a graph makes. */
export const RESULT = 'y'

/** The value that holds a vector's tensor. */
export function tensorOf(vector: string, trainable: string): string {
  return `${vector}/${trainable}`
}

type Tensors = readonly Pick<Trainable, 'name' | 'shape'>[]

/**
 * y = x. @returns the serialized ONNX model; as in all of these, an input for each tensor of each
 * vector, and outputs for those of y
 */
export function copyGraph(tensors: Tensors): Uint8Array {
  return vectorGraph(tensors, ['x'], [], (of) => [node('Identity', [of('x')], of(RESULT))])
}

/** y = x + mu · z, with mu a scalar input. */
export function perturbGraph(tensors: Tensors): Uint8Array {
  return vectorGraph(tensors, ['x', 'z'], ['mu'], (of) => [
    node('Mul', [of('z'), 'mu'], of('step')),
    node('Add', [of('x'), of('step')], of(RESULT)),
  ])
}

/** y = x − learningRate · (delta + weightDecay · x), with two scalar inputs. */
export function descendGraph(tensors: Tensors): Uint8Array {
  return vectorGraph(tensors, ['x', 'delta'], ['learningRate', 'weightDecay'], (of) => [
    node('Mul', [of('x'), 'weightDecay'], of('decay')),
    node('Add', [of('delta'), of('decay')], of('slope')),
    node('Mul', [of('slope'), 'learningRate'], of('step')),
    node('Sub', [of('x'), of('step')], of(RESULT)),
  ])
}

/** A matrix of a low-rank direction, as sums of r products of a column and a row. */
const COLUMN = 'u'
const ROW = 'v'

/**
 * y = U V of every matrix in turn, entry by entry ((u₁v₁ + u₂v₂) + u₃v₃) + … as `Kernels.product`
 * adds them; what stays dense is passed on. Inputs are those of `productFeeds`.
 *
 * @param tensors in the order of `layout`
 */
export function productGraph(tensors: Tensors, { parts }: LowRankLayout): Uint8Array {
  const nodes: NodeProto[] = []
  const inputs: ValueInfoProto[] = []
  const shapes: TensorProto[] = []
  const float = (name: string, shape: readonly number[]) =>
    inputs.push(valueInfo(name, DataType.FLOAT, shape))
  for (const [index, { name, shape }] of tensors.entries()) {
    const { rows, columns, rank } = parts[index]!
    if (rank === 0) {
      float(tensorOf('z', name), shape)
      nodes.push(node('Identity', [tensorOf('z', name)], tensorOf(RESULT, name)))
      continue
    }
    let sum = ''
    for (let k = 0; k < rank; k++) {
      const of = (what: string) => `${tensorOf(what, name)}/${k}`
      float(of(COLUMN), [rows, 1])
      float(of(ROW), [1, columns])
      nodes.push(node('Mul', [of(COLUMN), of(ROW)], of('product')))
      if (k > 0) nodes.push(node('Add', [sum, of('product')], of('sum')))
      sum = of(k > 0 ? 'sum' : 'product')
    }
    shapes.push(tensor(tensorOf('shape', name), [shape.length], BigInt64Array.from(shape, BigInt)))
    nodes.push(node('Reshape', [sum, tensorOf('shape', name)], tensorOf(RESULT, name)))
  }
  return modelOf(nodes, inputs, described(tensors, RESULT), shapes)
}

/** @param factors a direction's numbers: see `LowRankLayout` */
export function productFeeds(
  tensors: Tensors,
  { parts }: LowRankLayout,
  factors: Float32Array,
): NamedTensors {
  const feeds: Record<string, NamedTensor> = {}
  for (const [index, { name, shape }] of tensors.entries()) {
    const { rows, columns, rank, at } = parts[index]!
    if (rank === 0) {
      feeds[tensorOf('z', name)] = { data: factors.slice(at, at + rows * columns), shape }
      continue
    }
    const right = at + rank * rows
    for (let k = 0; k < rank; k++) {
      const column = Float32Array.from({ length: rows }, (_, row) => factors[at + row * rank + k]!)
      const row = factors.slice(right + k * columns, right + (k + 1) * columns)
      feeds[`${tensorOf(COLUMN, name)}/${k}`] = { data: column, shape: [rows, 1] }
      feeds[`${tensorOf(ROW, name)}/${k}`] = { data: row, shape: [1, columns] }
    }
  }
  return feeds
}

/** @param nodesOf the nodes for one tensor, given the names of its inputs and outputs */
function vectorGraph(
  tensors: Tensors,
  vectors: readonly string[],
  scalars: readonly string[],
  nodesOf: (of: (vector: string) => string) => readonly NodeProto[],
): Uint8Array {
  return modelOf(
    tensors.flatMap(({ name }) => nodesOf((vector) => tensorOf(vector, name))),
    [
      ...vectors.flatMap((vector) => described(tensors, vector)),
      ...scalars.map((scalar) => valueInfo(scalar, DataType.FLOAT, [])),
    ],
    described(tensors, RESULT),
  )
}

const described = (tensors: Tensors, vector: string) =>
  tensors.map(({ name, shape }) => valueInfo(tensorOf(vector, name), DataType.FLOAT, shape))

function modelOf(
  nodes: NodeProto[],
  input: ValueInfoProto[],
  output: ValueInfoProto[],
  initializer: TensorProto[] = [],
): Uint8Array {
  return encodeModel(
    create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      producerName: 'HiSo Studio',
      opsetImport: [{ domain: '', version: BigInt(OPSET) }],
      graph: { name: 'vectors', node: nodes, input, output, initializer },
    }),
  )
}

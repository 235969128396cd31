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
  valueInfo,
} from '../onnx/index.ts'
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

/** @param nodesOf the nodes for one tensor, given the names of its inputs and outputs */
function vectorGraph(
  tensors: Tensors,
  vectors: readonly string[],
  scalars: readonly string[],
  nodesOf: (of: (vector: string) => string) => readonly NodeProto[],
): Uint8Array {
  const described = (vector: string) =>
    tensors.map(({ name, shape }) => valueInfo(tensorOf(vector, name), DataType.FLOAT, shape))
  return encodeModel(
    create(ModelProtoSchema, {
      irVersion: BigInt(IR_VERSION),
      producerName: 'HiSo Studio',
      opsetImport: [{ domain: '', version: BigInt(OPSET) }],
      graph: {
        name: 'vectors',
        node: tensors.flatMap(({ name }) => nodesOf((vector) => tensorOf(vector, name))),
        input: [
          ...vectors.flatMap(described),
          ...scalars.map((scalar) => valueInfo(scalar, DataType.FLOAT, [])),
        ],
        output: described(RESULT),
      },
    }),
  )
}

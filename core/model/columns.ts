/** How many numbers a value of the graph has for each row, from what makes it. */
import {
  constantCalled,
  dimensionsOf,
  type GraphFacts,
  type GraphProto,
  integerAttribute,
  integersAttribute,
  integerValues,
  type NodeProto,
  shapeOf,
} from '../onnx/index.ts'

/** Operators that keep a value's shape. */
const keeping = new Set([
  ...['Identity', 'Cast', 'Dropout', 'Clip', 'Relu', 'LeakyRelu', 'Elu', 'Selu', 'Tanh', 'Sigmoid'],
  ...['Softmax', 'LogSoftmax', 'Log', 'Exp', 'Neg', 'Softplus', 'BatchNormalization'],
  ...['LayerNormalization', 'LpNormalization'],
])

/** Operators that may show each row's numbers in other dimensions. */
const viewing = new Set(['Flatten', 'Squeeze', 'Unsqueeze'])

/** The same, of each channel. */
const keepingChannels = new Set([
  ...['Identity', 'Cast', 'Relu', 'LeakyRelu', 'Clip', 'BatchNormalization', 'Dropout', 'Elu'],
  ...['AveragePool', 'MaxPool'],
])

/** Longer chains of operators tell nothing. */
const MOST_STEPS = 100

export interface Graph {
  readonly graph: GraphProto
  readonly facts: GraphFacts
}

type Known = Map<string, number | undefined>

/** @returns undefined where neither weights nor recorded shapes tell */
export function columnsOf(at: Graph, name: string): number | undefined {
  return find(at, name, { left: MOST_STEPS, isViewed: false, known: new Map() })
}

interface Walk {
  readonly left: number
  /** Whether the value is seen through a view: its last dimension need not be all of a row. */
  readonly isViewed: boolean
  /** Each value is looked at once: there may be more ways through a graph than can be walked. */
  readonly known: Known
}

function find(at: Graph, name: string, walk: Walk): number | undefined {
  const { known, left, isViewed } = walk
  const key = `${isViewed ? 'viewed' : 'plain'} ${name}`
  if (known.has(key)) return known.get(key)
  known.set(key, undefined)
  const node = at.facts.producers.get(name)
  if (node === undefined || left === 0) return undefined
  const found = columnsBy(at, node, { ...walk, left: left - 1 }) ?? recordedColumns(at, name)
  known.set(key, found)
  return found
}

function columnsBy(at: Graph, node: NodeProto, walk: Walk): number | undefined {
  const [first = '', second = ''] = node.input
  switch (node.opType) {
    case 'Gemm':
      return weightShape(at, second)?.[integerAttribute(node, 'transB') === 1 ? 0 : 1]
    case 'MatMul':
      return walk.isViewed ? undefined : weightShape(at, second)?.at(-1)
    case 'Reshape': {
      const target = constantCalled(second, at.graph, at.facts)
      const [, ...rest] = target === undefined ? [] : integerValues(target)
      return rest.length > 0 && rest.every((it) => it > 0) ? product(rest) : undefined
    }
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
      return channelsOf(at, first, walk.left)
    case 'Add':
    case 'Sub':
    case 'Mul':
    case 'Div': {
      const shapes = [first, second].map((it) => weightShape(at, it))
      const made = [first, second].map((it) => find(at, it, walk) ?? 0)
      const isList = shapes.every((it) => it === undefined || it.length <= 2)
      const stored = isList ? shapes.map((it) => it?.at(-1) ?? 0) : []
      const widest = Math.max(...made, ...stored)
      // A single number is put to as many as there are.
      return widest > 1 || made.includes(1) ? widest : undefined
    }
    default:
      if (viewing.has(node.opType)) return find(at, first, { ...walk, isViewed: true })
      return keeping.has(node.opType) ? find(at, first, walk) : undefined
  }
}

function channelsOf(at: Graph, name: string, left: number): number | undefined {
  const node = at.facts.producers.get(name)
  if (node === undefined || left === 0) return undefined
  if (node.opType === 'Conv') return weightShape(at, node.input[1] ?? '')?.[0]
  return keepingChannels.has(node.opType)
    ? channelsOf(at, node.input[0] ?? '', left - 1)
    : undefined
}

/** Of a constant, turned or not. */
function weightShape({ graph, facts }: Graph, name: string): number[] | undefined {
  const producer = facts.producers.get(name)
  const turning = producer?.opType === 'Transpose' ? producer : undefined
  const stored = constantCalled(turning?.input[0] ?? name, graph, facts)
  if (stored === undefined) return undefined
  const shape = shapeOf(stored)
  if (turning === undefined) return shape
  const order = integersAttribute(turning, 'perm') ?? shape.map((_, axis) => axis).toReversed()
  return order.map((axis) => shape[axis] ?? 1)
}

function recordedColumns({ graph }: Graph, name: string): number | undefined {
  const value = graph.valueInfo.find((it) => it.name === name)
  const rest = (value === undefined ? undefined : dimensionsOf(value))?.slice(1)
  const isKnown = rest?.every((it) => typeof it === 'number') === true && rest.length > 0
  return isKnown ? product(rest) : undefined
}

const product = (shape: readonly number[]) => shape.reduce((size, length) => size * length, 1)

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

/** Operators that keep each row's numbers, in number at least. */
const keeping = new Set([
  ...[
    'Identity',
    'Cast',
    'Flatten',
    'Squeeze',
    'Unsqueeze',
    'Dropout',
    'Clip',
    'Relu',
    'LeakyRelu',
  ],
  ...['Elu', 'Selu', 'Tanh', 'Sigmoid', 'Softmax', 'LogSoftmax', 'Log', 'Exp', 'Neg', 'Softplus'],
  ...['BatchNormalization', 'LayerNormalization', 'LpNormalization'],
])

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

/** @returns undefined where neither weights nor recorded shapes tell */
export function columnsOf(at: Graph, name: string, left = MOST_STEPS): number | undefined {
  const node = at.facts.producers.get(name)
  if (node === undefined || left === 0) return undefined
  const [first = '', second = ''] = node.input
  const own = columnsBy(at, node, left)
  if (own !== undefined) return own
  const isBetween = ['Add', 'Sub', 'Mul', 'Div'].includes(node.opType)
  const known = isBetween
    ? [first, second].map((it) => weightShape(at, it)?.at(-1) ?? columnsOf(at, it, left - 1))
    : []
  const widest = Math.max(0, ...known.map((it) => it ?? 0))
  return widest > 0 ? widest : recordedColumns(at, name)
}

function columnsBy(at: Graph, node: NodeProto, left: number): number | undefined {
  const [first = '', second = ''] = node.input
  switch (node.opType) {
    case 'Gemm':
      return weightShape(at, second)?.[integerAttribute(node, 'transB') === 1 ? 0 : 1]
    case 'MatMul':
      return weightShape(at, second)?.at(-1)
    case 'Reshape': {
      const target = constantCalled(second, at.graph, at.facts)
      const [, ...rest] = target === undefined ? [] : integerValues(target)
      const isKnown = rest.length > 0 && rest.every((it) => it > 0)
      return isKnown ? product(rest) : columnsOf(at, first, left - 1)
    }
    case 'GlobalAveragePool':
    case 'GlobalMaxPool':
      return channelsOf(at, first, left - 1)
    default:
      return keeping.has(node.opType) ? columnsOf(at, first, left - 1) : undefined
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

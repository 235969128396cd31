/** What a model's first layer tells of its input, where the file leaves its shape open. */
import {
  constantCalled,
  type GraphFacts,
  type GraphProto,
  integerAttribute,
  integersAttribute,
  shapeOf,
} from '../onnx/index.ts'

interface Channels {
  /** Of the input, the batch included. */
  readonly axis: number
  /** How many; undefined where the file does not tell. */
  readonly count: number | undefined
}

/** Operators that leave the axes where they are. */
const keeping = new Set([
  ...['Identity', 'Cast', 'Clip', 'Add', 'Sub', 'Mul', 'Div', 'Pad', 'Dropout', 'Relu', 'Neg'],
])

interface Graph {
  readonly graph: GraphProto
  readonly facts: GraphFacts
}

/**
 * Follows the input, turned or not, to the first convolution or normalisation: their second axis
 * holds the channels.
 * @param rank how many dimensions the input has
 */
export function channelsOf(
  { graph, facts }: Graph,
  input: string,
  rank: number,
): Channels | undefined {
  /** Of a value, the input's axis in each of its places. */
  const places = new Map([[input, Array.from({ length: rank }, (_, axis) => axis)]])
  for (const node of graph.node) {
    const [first = '', second = ''] = node.input
    const own = places.get(first) ?? (keeping.has(node.opType) ? places.get(second) : undefined)
    if (own === undefined) continue
    const shape = shapeOfConstant(second, graph, facts)
    switch (node.opType) {
      case 'Conv':
      case 'FusedConv': {
        const perGroup = shape?.[1]
        const groups = integerAttribute(node, 'group') ?? 1
        return { axis: own[1]!, count: perGroup === undefined ? undefined : perGroup * groups }
      }
      case 'ConvTranspose':
      case 'BatchNormalization':
      case 'InstanceNormalization':
        return { axis: own[1]!, count: shape?.[0] }
      case 'Transpose': {
        const order = integersAttribute(node, 'perm') ?? own.map((_, axis) => axis).toReversed()
        if (order.length !== rank) return undefined
        places.set(
          node.output[0] ?? '',
          order.map((axis) => own[axis] ?? 0),
        )
        break
      }
      default:
        if (keeping.has(node.opType)) places.set(node.output[0] ?? '', own)
    }
  }
  return undefined
}

interface Taken {
  readonly count: number
  /** Of all numbers of a sample, or of its last axis. */
  readonly ofAll: boolean
  /** Whether the graph itself makes a list of a sample. */
  readonly isFlattened: boolean
}

/**
 * How many numbers of a sample the first product takes: all of them where the sample is a list by
 * then, those of its last axis otherwise.
 */
export function numbersTaken(
  { graph, facts }: Graph,
  input: string,
  rank: number,
): Taken | undefined {
  /** Whether a value has a list for each sample. */
  const lists = new Map([[input, rank === 2]])
  let isFlattened = false
  for (const node of graph.node) {
    const [first = '', second = ''] = node.input
    const own = lists.get(first) ?? (keeping.has(node.opType) ? lists.get(second) : undefined)
    if (own === undefined) continue
    const isTurned = node.opType === 'Gemm' && integerAttribute(node, 'transB') === 1
    const shape = shapeOfConstant(second, graph, facts)
    if (node.opType === 'Gemm' || node.opType === 'MatMul') {
      const count = shape?.length === 2 ? shape[isTurned ? 1 : 0] : undefined
      return count === undefined ? undefined : { count, ofAll: own, isFlattened }
    }
    if (node.opType === 'Flatten' && (integerAttribute(node, 'axis') ?? 1) === 1) {
      lists.set(node.output[0] ?? '', true)
      isFlattened = true
    } else if (node.opType !== 'Pad' && keeping.has(node.opType))
      lists.set(node.output[0] ?? '', own)
  }
  return undefined
}

function shapeOfConstant(name: string, graph: GraphProto, facts: GraphFacts) {
  const tensor = constantCalled(name, graph, facts)
  return tensor === undefined ? undefined : shapeOf(tensor)
}

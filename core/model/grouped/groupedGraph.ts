/**
 * Graph surgery that measures a group of probes in one pass. Probe g stands at W + U_g V_g for
 * every matrix W of x, and x (W + U V) = x W + (x U) V: all probes go through one product with W,
 * which nobody rewrites. Vectors and small matrices are stacked, one per probe.
 *
 * Rows come group by group: those of the first probe, then the same rows for the second. What
 * happens to a weight on its way is in `groupedRules.ts`.
 *
 * @see arXiv 2511.16652 (EGGROLL)
 */
import {
  DataType,
  decodeModel,
  dimensionsOf,
  encodeModel,
  type GraphProto,
  integerAttribute,
  namesReadBy,
  opsetOf,
  shapeOf,
  valueInfo,
} from '../../onnx/index.ts'
import type { Trainable } from '../trainableGraph.ts'
import { GroupWriter, Obstacle, type ProbedWeight } from './groupWriter.ts'
import { ruleOf } from './groupedRules.ts'
import type { LowRankLayout, LowRankPart } from './lowRankLayout.ts'

/** A trainable as the grouped graph takes it. */
export interface GroupedTensor {
  readonly name: string
  readonly shape: readonly number[]
  readonly part: LowRankPart
  /**
   * Inputs that take U, float32 [groups, rows, rank], and V, float32 [groups, rank, columns],
   * beside W. Absent where the tensor itself is stacked, float32 [groups, …shape].
   */
  readonly factors: { readonly left: string; readonly right: string } | undefined
}

export interface GroupedGraph {
  /** The inputs besides `tensors`, and the outputs, are those of the plain graph. */
  readonly bytes: Uint8Array
  readonly tensors: readonly GroupedTensor[]
  /** Inputs and outputs of every product of rows with a matrix: what a row's values take. */
  readonly products: readonly (readonly [number, number])[]
}

/** What grouping needs of a graph. */
interface GroupableGraph {
  readonly bytes: Uint8Array
  readonly trainables: readonly Trainable[]
}

/** The oldest operator set that has all operators which are added. */
const LEAST_OPSET = 11

/** @returns the graph, or why there is none, as a sentence without its full stop */
export function groupProbes(
  { bytes, trainables }: GroupableGraph,
  { parts }: LowRankLayout,
): GroupedGraph | { readonly obstacle: string } {
  const model = decodeModel(bytes)
  const { graph } = model
  const opset = opsetOf(model)
  if (opset < LEAST_OPSET)
    return { obstacle: `its operator set is ${opset}, older than ${LEAST_OPSET}` }
  const products = productsOf(graph)
  const names = new Set(trainables.map(({ name }) => name))
  const data = graph.input.map(({ name }) => name).filter((name) => !names.has(name))
  const writer = new GroupWriter(graph, data)
  const tensors = trainables.map(({ name, shape }, index): GroupedTensor => {
    const part = parts[index]!
    const factors =
      part.rank === 0
        ? undefined
        : { left: writer.unique(`${name}_U`), right: writer.unique(`${name}_V`) }
    return { name, shape, part, factors }
  })
  for (const tensor of tensors) writer.weights.set(tensor.name, weightOf(tensor))
  try {
    writer.findGroups(tensors[0]!.factors?.left ?? tensors[0]!.name)
    for (const node of graph.node) {
      const rule = ruleOf(node, writer)
      if (rule === undefined) {
        const isMoved = [...namesReadBy(node)].some((it) => writer.moved.has(it))
        if (isMoved) for (const output of node.output) writer.moved.add(output)
        writer.nodes.push(node)
      } else rule(writer, node)
    }
  } catch (error) {
    if (error instanceof Obstacle) return { obstacle: error.message }
    throw error
  }
  graph.node = writer.nodes
  // Shapes of inner values are hints, and those of weights no longer hold.
  graph.valueInfo = []
  graph.input = graph.input.flatMap((input) => {
    const tensor = tensors.find(({ name }) => name === input.name)
    return tensor === undefined ? [input] : inputsOf(tensor)
  })
  return { bytes: encodeModel(model), tensors, products }
}

/** The shapes of matrices on the right of products. */
function productsOf(graph: GraphProto): [number, number][] {
  const shapes = new Map<string, readonly (number | string)[]>([
    ...graph.initializer.map((it) => [it.name, shapeOf(it)] as const),
    ...graph.input.map((it) => [it.name, dimensionsOf(it) ?? []] as const),
  ])
  return graph.node.flatMap((it) => {
    const shape =
      it.opType === 'MatMul' || it.opType === 'Gemm' ? shapes.get(it.input[1]!) : undefined
    const [a, b] = shape ?? []
    if (shape?.length !== 2 || typeof a !== 'number' || typeof b !== 'number') return []
    return [(integerAttribute(it, 'transB') ?? 0) === 0 ? [a, b] : [b, a]]
  })
}

function weightOf({ name, shape, part, factors }: GroupedTensor): ProbedWeight {
  return factors === undefined
    ? { kind: 'stack', name, shape }
    : { kind: 'product', base: name, ...factors, shape, rows: part.rows, columns: part.columns }
}

function inputsOf({ name, shape, part, factors }: GroupedTensor) {
  const float = (it: string, dimensions: readonly (number | string)[]) =>
    valueInfo(it, DataType.FLOAT, dimensions)
  return factors === undefined
    ? [float(name, ['groups', ...shape])]
    : [
        float(name, shape),
        float(factors.left, ['groups', part.rows, 'rank']),
        float(factors.right, ['groups', 'rank', part.columns]),
      ]
}

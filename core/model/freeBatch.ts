/**
 * Frees the batch dimension of a graph if its exporter fixed it, so that any number of samples fits
 * in one run.
 */
import type { Classifier } from './classifier.ts'
import {
  constantCalled,
  dimensionsOf,
  factsOf,
  type GraphProto,
  integerValues,
  nameDimension,
  type NodeProto,
  ROWS,
  tensor,
  UNKNOWN,
} from '../onnx/index.ts'

/**
 * Frees the batch of `classifier`'s graph, in place. With a fixed batch of N, a Reshape of data to
 * [N, …] becomes one to [-1, …], or to [0, …] (the input's own first dimension) if -1 is taken. It
 * drops the recorded shapes of inner values, which would contradict the new ones and are only
 * hints. Other operators show only when they run whether they need a fixed batch (`batchCheck.ts`).
 *
 * @returns the name of the batch dimension: the file's own, if it has one
 */
export function freeBatch(classifier: Classifier, unique: (name: string) => string): string {
  const { graph, features, featureDimensions } = classifier
  const batch = featureDimensions?.[0] ?? UNKNOWN
  const rows = typeof batch === 'number' || batch === UNKNOWN ? ROWS : batch
  nameDimension(features, 0, rows)
  for (const output of graph.output) {
    const own = dimensionsOf(output)?.[0]
    if (typeof own === 'number' || own === UNKNOWN) nameDimension(output, 0, rows)
  }
  if (typeof batch !== 'number') return rows
  graph.valueInfo = []
  for (const node of graph.node) {
    if (node.opType !== 'Reshape' || !classifier.dependents.has(node.input[0] ?? '')) continue
    const target = targetShapeOf(classifier, node)
    if (target === undefined || target[0] !== batch) continue
    const [, ...rest] = target
    const free = rest.includes(-1) ? 0 : -1
    const name = unique(`${node.input[1]}_any_batch`)
    const shape = BigInt64Array.from([free, ...rest], BigInt)
    graph.initializer.push(tensor(name, [shape.length], shape))
    node.input[1] = name
  }
  dropUnusedConstants(graph)
  return rows
}

/** Drops the replaced shapes, about which runtimes would warn. */
function dropUnusedConstants(graph: GraphProto): void {
  const { uses, usedBySubgraphs } = factsOf(graph)
  const outputs = new Set(graph.output.map((it) => it.name))
  graph.node = graph.node.filter(
    ({ opType, output: [name = ''] }) =>
      opType !== 'Constant' || uses.has(name) || usedBySubgraphs.has(name) || outputs.has(name),
  )
}

function targetShapeOf({ graph, facts }: Classifier, node: NodeProto): number[] | undefined {
  const constant = constantCalled(node.input[1] ?? '', graph, facts)
  return constant === undefined ? undefined : integerValues(constant)
}

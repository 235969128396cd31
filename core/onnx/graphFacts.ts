/**
 * Data flow in an ONNX graph: producers, consumers, and what depends on the features or reaches the
 * logits.
 */
import { constantTensor, type GraphProto, type NodeProto, type TensorProto } from './onnxModel.ts'

/** One place that reads a value. */
interface TensorUse {
  readonly node: NodeProto
  /** The index among the node's inputs. */
  readonly input: number
}

export interface GraphFacts {
  readonly producers: ReadonlyMap<string, NodeProto>
  readonly uses: ReadonlyMap<string, readonly TensorUse[]>
  /** Names that sub-graphs (bodies of If, Loop, Scan) take from the surrounding graph. */
  readonly usedBySubgraphs: ReadonlySet<string>
}

export function factsOf(graph: GraphProto): GraphFacts {
  const producers = new Map<string, NodeProto>()
  const uses = new Map<string, TensorUse[]>()
  const usedBySubgraphs = new Set<string>()
  for (const node of graph.node) {
    for (const output of node.output) if (output !== '') producers.set(output, node)
    node.input.forEach((name, input) => {
      const list = uses.get(name)
      if (list === undefined) uses.set(name, [{ node, input }])
      else list.push({ node, input })
    })
    for (const body of subgraphsOf(node)) collectNames(body, usedBySubgraphs)
  }
  return { producers, uses, usedBySubgraphs }
}

/** Bodies of If, Loop and Scan. */
export function subgraphsOf(node: NodeProto): GraphProto[] {
  return node.attribute.flatMap((it) => (it.g === undefined ? it.graphs : [it.g, ...it.graphs]))
}

function collectNames(graph: GraphProto, names: Set<string>): void {
  for (const node of graph.node) {
    for (const name of node.input) names.add(name)
    for (const body of subgraphsOf(node)) collectNames(body, names)
  }
}

/** Every name that a node reads, those inside its sub-graphs included. */
export function namesReadBy(node: NodeProto): Set<string> {
  const names = new Set(node.input)
  for (const body of subgraphsOf(node)) collectNames(body, names)
  return names
}

/**
 * All values that depend on the sources, including the sources. ONNX lists nodes in an order in
 * which each value exists before it is read.
 */
export function dependentsOf(graph: GraphProto, ...sources: readonly string[]): Set<string> {
  const found = new Set(sources)
  for (const node of graph.node) {
    if ([...namesReadBy(node)].some((it) => found.has(it))) {
      for (const output of node.output) if (output !== '') found.add(output)
    }
  }
  return found
}

/** The nodes that `target` depends on, in graph order. */
export function nodesBehind(graph: GraphProto, target: string): NodeProto[] {
  const needed = new Set([target])
  const nodes: NodeProto[] = []
  for (const node of graph.node.toReversed()) {
    if (!node.output.some((it) => needed.has(it))) continue
    nodes.push(node)
    for (const name of namesReadBy(node)) needed.add(name)
  }
  return nodes.toReversed()
}

/** The tensor of this name, if it is a constant of the graph: an initializer or a Constant node. */
export function constantCalled(
  name: string,
  graph: GraphProto,
  facts: GraphFacts,
): TensorProto | undefined {
  const producer = facts.producers.get(name)
  return producer === undefined
    ? graph.initializer.find((it) => it.name === name)
    : constantTensor(producer)
}

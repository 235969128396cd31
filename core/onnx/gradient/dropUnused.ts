/** Removes from a graph what its outputs don't need. */
import { factsOf } from '../graphFacts.ts'
import type { GraphProto } from '../onnxModel.ts'
import { hasSubgraphs } from './attributes.ts'

/**
 * Drops nodes and constants that lead to none of these values; the runtime would compute them
 * otherwise.
 */
export function dropUnused(graph: GraphProto, wanted: readonly string[]): void {
  const needed = new Set(wanted)
  const { usedBySubgraphs } = factsOf(graph)
  const kept = graph.node.toReversed().filter((node) => {
    if (!node.output.some((it) => needed.has(it))) return false
    for (const name of node.input) needed.add(name)
    if (hasSubgraphs(node)) for (const name of usedBySubgraphs) needed.add(name)
    return true
  })
  graph.node = kept.toReversed()
  graph.initializer = graph.initializer.filter((it) => needed.has(it.name))
}

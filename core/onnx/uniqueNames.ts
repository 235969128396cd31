/** Unique names for additions to an existing graph. */
import type { GraphProto } from './onnxModel.ts'

/** Makes names that the graph does not use yet: the wanted one, or one with a number after it. */
export function uniqueNames(graph: GraphProto): (name: string) => string {
  const taken = new Set([
    ...graph.input.map((it) => it.name),
    ...graph.initializer.map((it) => it.name),
    ...graph.node.flatMap((it) => [it.name, ...it.output]),
  ])
  return (wanted) => {
    let name = wanted
    for (let i = 2; taken.has(name); i++) name = `${wanted}_${i}`
    taken.add(name)
    return name
  }
}

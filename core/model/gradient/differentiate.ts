/** Turns a trainable graph into one that computes the gradient as well: the front of reverse-mode differentiation. */
import { decodeModel, encodeModel, valueInfo } from '../onnxModel.ts'
import type { TrainableGraph } from '../trainableGraph.ts'
import { backpropagate } from './backpropagate.ts'
import { dropUnused } from './dropUnused.ts'
import type { GradientGraph } from './gradientGraph.ts'
import { GraphWriter } from './graphWriter.ts'
import { raiseOpset } from './raiseOpset.ts'

/**
 * The graph of f(x) = mean over the rows of the losses, and of ∂f/∂x.
 *
 * @throws HisoError MODEL_UNSUPPORTED naming an operator without a gradient rule, or one that can't be brought to a newer operator set
 */
export function differentiate(graph: TrainableGraph): GradientGraph {
  const model = decodeModel(graph.bytes)
  const onnx = model.graph
  onnx.output = onnx.output.filter((it) => it.name === graph.losses)
  dropUnused(onnx, [graph.losses])
  raiseOpset(model)
  const w = new GraphWriter(onnx)
  const rows = w.sizeOf(graph.losses, graph.losses)
  const seed = w.expandLike(w.div(w.scalar(1, graph.losses), rows), graph.losses)
  const names = graph.trainables.map((it) => it.name)
  const found = backpropagate(w, names, new Map([[graph.losses, seed]]))
  const gradients = graph.trainables.map(({ name, shape }, i) => {
    const output = w.unique(`gradient/of/${name}`)
    const value = found[i] ?? w.zeros(w.integers(shape), name)
    w.copy(value, output)
    onnx.output.push(valueInfo(output, w.facts.type(name), shape))
    return output
  })
  dropUnused(onnx, [graph.losses, ...gradients])
  onnx.valueInfo = []
  // The record of the promotion describes another graph.
  model.metadataProps = []
  const { trainables, dim, features, featureShape, labels, losses, classes } = graph
  const bytes = encodeModel(model)
  return { bytes, trainables, dim, features, featureShape, labels, losses, classes, gradients }
}

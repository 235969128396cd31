/**
 * Turns a trainable graph into one that also computes the gradient: the entry to reverse-mode
 * differentiation.
 */
import { decodeModel, dimensionsOf, elementTypeOf, encodeModel, valueInfo } from '../onnxModel.ts'
import { uniqueNames } from '../uniqueNames.ts'
import { backpropagate } from './backpropagate.ts'
import { dropUnused } from './dropUnused.ts'
import { GraphWriter } from './graphWriter.ts'
import { raiseOpset } from './raiseOpset.ts'
import { unrollRecurrent } from './unrollRecurrent.ts'

/** The subject of differentiation: losses that depend on the trainables. */
export interface LossGraph {
  /** The serialized ONNX model; the trainables are inputs of it. */
  readonly bytes: Uint8Array
  readonly trainables: readonly { readonly name: string; readonly shape: readonly number[] }[]
  /** Output, floats of any shape. */
  readonly losses: string
}

export interface Gradients {
  /**
   * The serialized ONNX model. Inputs as in the loss graph; outputs: losses, then one gradient for
   * each trainable.
   */
  readonly bytes: Uint8Array
  /**
   * Output for each trainable, in their order: ∂f/∂trainable in its shape and type; 0 where f does
   * not depend on it.
   */
  readonly gradients: readonly string[]
}

export interface WeightedGradients extends Gradients {
  /** Input in the shape and type of the losses: the weight of each loss in f. */
  readonly shares: string
}

/**
 * The graph of the losses and of ∂f/∂x, where f is the mean of the losses.
 *
 * @throws HisoError MODEL_UNSUPPORTED naming an operator without a gradient rule, or one that has
 *   no form in a newer operator set
 */
export function differentiate<Graph extends LossGraph>(
  graph: Graph,
): Omit<Graph, 'logits'> & Gradients {
  return { ...graph, ...write(decodeModel(graph.bytes), graph) }
}

/**
 * The same for f = Σ shares · losses, with the shares as a further input. @throws HisoError as
 * `differentiate`
 */
export function differentiateWeighted(graph: LossGraph): WeightedGradients {
  const model = decodeModel(graph.bytes)
  const shares = uniqueNames(model.graph)('shares')
  return { ...write(model, graph, shares), shares }
}

function write(
  model: ReturnType<typeof decodeModel>,
  { losses, trainables }: LossGraph,
  shares?: string,
): Gradients {
  const onnx = model.graph
  onnx.output = onnx.output.filter((it) => it.name === losses)
  if (shares !== undefined)
    for (const it of onnx.output)
      onnx.input.push(valueInfo(shares, elementTypeOf(it), dimensionsOf(it) ?? []))
  dropUnused(onnx, [losses])
  raiseOpset(model)
  unrollRecurrent(
    onnx,
    trainables.map((it) => it.name),
  )
  const w = new GraphWriter(onnx)
  const seed = shares ?? evenShares(w, losses)
  const names = trainables.map((it) => it.name)
  const found = backpropagate(w, names, new Map([[losses, seed]]))
  const gradients = trainables.map(({ name, shape }, i) => {
    const output = w.unique(`gradient/of/${name}`)
    const value = found[i] ?? w.zeros(w.integers(shape), name)
    w.copy(value, output)
    onnx.output.push(valueInfo(output, w.facts.type(name), shape))
    return output
  })
  dropUnused(onnx, [losses, ...gradients])
  onnx.valueInfo = []
  // The record of the promotion describes another graph.
  model.metadataProps = []
  return { bytes: encodeModel(model), gradients }
}

/** One divided by the number of losses, in their shape. */
function evenShares(w: GraphWriter, losses: string): string {
  return w.expandLike(w.div(w.scalar(1, losses), w.sizeOf(losses, losses)), losses)
}

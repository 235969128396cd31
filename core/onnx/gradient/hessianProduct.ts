/**
 * The graph of Hessian-vector products: the gradient graph, differentiated once more along a
 * direction. Exact wherever both derivatives have rules; at a kink, such as a ReLU's, it takes the
 * slopes of the piece that x lies on.
 */
import { decodeModel, encodeModel, valueInfo } from '../onnxModel.ts'
import { differentiate, differentiateWeighted, type LossGraph } from './differentiate.ts'
import { GraphWriter } from './graphWriter.ts'

export interface HessianProduct {
  /**
   * The serialized ONNX model. Inputs: the loss graph's, the shares, one direction per trainable.
   */
  readonly bytes: Uint8Array
  /** Input in the shape and type of the losses: the weight of each loss in f. */
  readonly shares: string
  /** Input for each trainable, in its shape: its part of v. */
  readonly directions: readonly string[]
  /** Output for each trainable, in its shape: its part of Σv. */
  readonly products: readonly string[]
}

/**
 * Σv, Σ being the Hessian of f = Σ shares · losses: the gradient of vᵀ∇f.
 *
 * @throws HisoError MODEL_UNSUPPORTED naming an operator without a rule, of the model or of its
 *   gradient
 */
export function differentiateTwice(graph: LossGraph): HessianProduct {
  const { trainables } = graph
  const first = differentiateWeighted(graph)
  const model = decodeModel(first.bytes)
  const w = new GraphWriter(model.graph)
  const directions = trainables.map(({ name, shape }) => {
    const direction = w.unique(`direction/of/${name}`)
    model.graph.input.push(valueInfo(direction, w.facts.type(name), shape))
    return direction
  })
  // The facts of a graph are taken when its writer is made: the new inputs belong to them.
  const second = new GraphWriter(model.graph)
  const parts = directions.map((direction, i) =>
    second.sum(second.mul(first.gradients[i]!, direction), undefined, false),
  )
  const slope = second.unique('slope/along/direction')
  second.copy(parts.length === 1 ? parts[0]! : second.add('Sum', parts), slope)
  model.graph.output = [valueInfo(slope, second.facts.type(trainables[0]!.name), [])]
  const { bytes, gradients } = differentiate({
    bytes: encodeModel(model),
    trainables,
    losses: slope,
  })
  return { bytes, shares: first.shares, directions, products: gradients }
}

/**
 * Gradient sessions on onnxruntime-node. Parameters are fed as views of the caller's memory and the
 * gradient is written into views of the caller's memory: nothing of size d is copied.
 */
import { Tensor, type InferenceSession } from 'onnxruntime-node'
import { HisoError, messageOf } from '../core/base/index.ts'
import type { GradientGraph, GradientSession } from '../core/model/index.ts'
import { loadModel, type LoadedModel, type SessionOptions } from './sessions.ts'

/**
 * Opens a session that computes losses and gradients.
 *
 * @throws HisoError PROVIDER_UNAVAILABLE when the runtime for this system has no such provider
 * @throws HisoError MODEL_UNSUPPORTED when ONNX Runtime refuses the graph on this provider, with
 *   its reason
 */
export async function openGradientSession(
  graph: GradientGraph,
  options: SessionOptions = {},
): Promise<GradientSession> {
  return new OnnxGradientSession(await loadModel(graph.bytes, options), graph)
}

/** Memories whose tensors are kept: x of two clients and their gradients. */
const KEPT_VIEWS = 4

interface Views {
  readonly memory: Float32Array
  readonly tensors: readonly Tensor[]
}

class OnnxGradientSession implements GradientSession {
  readonly #session: LoadedModel
  readonly #graph: GradientGraph
  /** Most recently used last. */
  readonly #kept: Views[] = []

  constructor(session: LoadedModel, graph: GradientGraph) {
    this.#session = session
    this.#graph = graph
  }

  async run(
    params: Float32Array,
    features: Float32Array,
    labels: BigInt64Array,
    out: Float32Array,
  ): Promise<number> {
    const graph = this.#graph
    const rows = labels.length
    const feeds: Record<string, Tensor> = {
      [graph.features]: new Tensor('float32', features, [rows, ...graph.featureShape]),
      [graph.labels]: new Tensor('int64', labels, [rows]),
    }
    const fetches: Record<string, Tensor | null> = { [graph.losses]: null }
    const [weights, gradients] = [this.#viewsOf(params), this.#viewsOf(out)]
    graph.trainables.forEach(({ name }, i) => {
      feeds[name] = weights[i] as Tensor
      fetches[graph.gradients[i] as string] = gradients[i] as Tensor
    })
    let outputs: InferenceSession.OnnxValueMapType
    try {
      outputs = await this.#session.run(feeds, fetches)
    } catch (cause) {
      throw new HisoError('MODEL_UNSUPPORTED', {
        what: `ONNX Runtime could not compute the gradient for ${rows} samples: ${messageOf(cause)}`,
        remedy:
          'Choose a zeroth-order method, or export the model with opset_version 18 and a dynamic batch dimension',
        cause,
      })
    }
    const losses = outputs[graph.losses]?.data as Float32Array
    let sum = 0
    for (const loss of losses) sum += loss
    return sum / rows
  }

  async release(): Promise<void> {
    this.#kept.length = 0
    await this.#session.release()
  }

  /** The trainables as tensors over `memory`, kept as long as the same memory is used. */
  #viewsOf(memory: Float32Array): readonly Tensor[] {
    const { trainables, dim } = this.#graph
    if (memory.length !== dim) throw new Error(`${memory.length} numbers for a model of ${dim}`)
    const found = this.#kept.findIndex(
      (it) => it.memory.buffer === memory.buffer && it.memory.byteOffset === memory.byteOffset,
    )
    const [kept] = found < 0 ? [] : this.#kept.splice(found, 1)
    const views = kept ?? {
      memory,
      tensors: trainables.map(
        ({ shape, size, offset }) =>
          new Tensor('float32', memory.subarray(offset, offset + size), shape),
      ),
    }
    this.#kept.push(views)
    if (this.#kept.length > KEPT_VIEWS) this.#kept.shift()
    return views.tensors
  }
}

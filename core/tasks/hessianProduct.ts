/**
 * Hessian-vector products of a task's loss, by differentiating its graph twice. Where there are no
 * rules for that, the lab takes differences of gradients instead.
 */
import { HisoError } from '../base/index.ts'
import type { GraphRunner, NamedTensors, Trainable } from '../model/index.ts'
import { differentiateTwice, type HessianProduct, type LossGraph } from '../onnx/index.ts'
import type { TaskHost } from './taskHost.ts'

/** One forward pass of the lab's sample. */
export interface SamplePart {
  /** All inputs of the loss graph but the trainables. */
  readonly feeds: NamedTensors
  /** What each loss counts in the sample's mean, float32 in their shape. */
  readonly shares: Float32Array
}

export interface OpenedProduct {
  /** See `LossSurface.product`. */
  readonly product: (params: Float32Array, v: Float64Array, out: Float64Array) => Promise<void>
  release(): Promise<void>
}

/**
 * @param parts together the sample
 * @returns undefined where the model or its gradient has an operator without a rule
 */
export async function openProduct(
  graph: Omit<LossGraph, 'trainables'> & { readonly trainables: readonly Trainable[] },
  parts: readonly SamplePart[],
  host: TaskHost,
): Promise<OpenedProduct | undefined> {
  const made = await openTwice(graph, host)
  if (made === undefined) return undefined
  const { runner, names } = made
  const dim = graph.trainables.reduce((sum, { size }) => sum + size, 0)
  const [direction, part] = [new Float32Array(dim), new Float32Array(dim)]
  const tensors = (of: readonly string[], memory: Float32Array): NamedTensors =>
    Object.fromEntries(
      graph.trainables.map(({ shape, offset, size }, i) => [
        of[i]!,
        { data: memory.subarray(offset, offset + size), shape },
      ]),
    )
  const inputs = graph.trainables.map(({ name }) => name)
  const [directions, products] = [
    tensors(names.directions, direction),
    tensors(names.products, part),
  ]
  return {
    async product(params, v, out) {
      // Products are linear: a direction of length 1 is well within what float32 holds.
      const length = Math.sqrt(v.reduce((sum, value) => sum + value * value, 0))
      out.fill(0)
      if (length === 0) return
      for (let j = 0; j < dim; j++) direction[j] = v[j]! / length
      for (const { feeds, shares } of parts) {
        const weights = { [names.shares]: { data: shares, shape: [shares.length] } }
        await runner.run(
          { ...feeds, ...weights, ...tensors(inputs, params), ...directions },
          products,
        )
        for (let j = 0; j < dim; j++) out[j]! += length * part[j]!
      }
    },
    release: () => runner.release(),
  }
}

async function openTwice(
  graph: LossGraph,
  host: TaskHost,
): Promise<{ readonly runner: GraphRunner; readonly names: HessianProduct } | undefined> {
  try {
    const names = differentiateTwice(graph)
    const { runner } = await host.openRunner(names.bytes, { provider: 'cpu' })
    return { runner, names }
  } catch (error) {
    if (error instanceof HisoError && error.code === 'MODEL_UNSUPPORTED') return undefined
    throw error
  }
}

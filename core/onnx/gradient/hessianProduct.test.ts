/** Hessian-vector products: against the curvature of a ReLU network in float64, and symmetric. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { buildModel, promoteModel, type TrainableGraph } from '../../model/index.ts'
import { RandomStream } from '../../random/index.ts'
import { modelFile } from '../../testing/models/index.ts'
import { differentiateTwice } from '../index.ts'

const rows = 6
const [features, hidden, classes] = [12, 16, 4]

const normals = (length: number, seed: number) => {
  const stream = new RandomStream(seed, 'curvature')
  return Float32Array.from({ length }, () => stream.normal())
}

function sampleOf(graph: TrainableGraph) {
  const size = graph.featureShape.reduce((all, it) => all * it, 1)
  const stream = new RandomStream(9, 'curvature')
  return {
    x: normals(rows * size, 8),
    labels: Array.from({ length: rows }, () => stream.below(graph.classes)),
  }
}

/** v ↦ Σv of the mean loss over the sample, at the graph's initial parameters. */
async function openProduct(graph: TrainableGraph) {
  const made = differentiateTwice(graph)
  const session = await InferenceSession.create(made.bytes, { logSeverityLevel: 3 })
  const { x, labels } = sampleOf(graph)
  return {
    async apply(v: Float32Array): Promise<Float32Array> {
      const feeds: Record<string, Tensor> = {
        [graph.features]: new Tensor('float32', x, [rows, ...graph.featureShape]),
        [graph.labels]: new Tensor('int64', BigInt64Array.from(labels, BigInt), [rows]),
        [made.shares]: new Tensor('float32', new Float32Array(rows).fill(1 / rows), [rows]),
      }
      graph.trainables.forEach(({ name, shape, offset, size }, i) => {
        const part = (of: Float32Array) =>
          new Tensor('float32', of.slice(offset, offset + size), shape)
        feeds[name] = part(graph.initialParams)
        feeds[made.directions[i]!] = part(v)
      })
      const found = await session.run(feeds)
      const out = new Float32Array(graph.dim)
      graph.trainables.forEach(({ offset }, i) =>
        out.set(found[made.products[i]!]!.data as Float32Array, offset),
      )
      return out
    },
    release: () => session.release(),
  }
}

/** ∇f of the built-in MLP with one hidden layer, written apart, in float64. */
function gradientOfMlp(graph: TrainableGraph, params: Float64Array): Float64Array {
  const { x, labels } = sampleOf(graph)
  const [w1, b1, w2, b2] = graph.trainables.map(({ offset }) => offset) as [
    number,
    number,
    number,
    number,
  ]
  const out = new Float64Array(params.length)
  for (let row = 0; row < rows; row++) {
    const input = x.subarray(row * features, (row + 1) * features)
    const before = Array.from({ length: hidden }, (_, h) =>
      input.reduce(
        (sum, value, j) => sum + value * params[w1 + h * features + j]!,
        params[b1 + h]!,
      ),
    )
    const logits = Array.from({ length: classes }, (_, c) =>
      before.reduce(
        (sum, value, h) => sum + Math.max(0, value) * params[w2 + c * hidden + h]!,
        params[b2 + c]!,
      ),
    )
    const total = logits.reduce((sum, value) => sum + Math.exp(value), 0)
    const slopes = logits.map(
      (value, c) => (Math.exp(value) / total - Number(c === labels[row])) / rows,
    )
    slopes.forEach((slope, c) => {
      out[b2 + c]! += slope
      before.forEach((value, h) => (out[w2 + c * hidden + h]! += Math.max(0, value) * slope))
    })
    before.forEach((value, h) => {
      if (value <= 0) return
      const slope = slopes.reduce((sum, it, c) => sum + it * params[w2 + c * hidden + h]!, 0)
      out[b1 + h]! += slope
      input.forEach((it, j) => (out[w1 + h * features + j]! += it * slope))
    })
  }
  return out
}

describe('a Hessian-vector product', () => {
  it('of a ReLU network is exact where no unit bends: not that of a smoothed loss', async () => {
    const graph = buildModel('mlp', { featureShape: [features], classes, hidden: [hidden] }, 3)
    const { apply, release } = await openProduct(graph)
    // Far below the distance to the nearest bend, and fine enough in float64.
    const step = 1e-6
    for (const seed of [1, 2, 3]) {
      const v = normals(graph.dim, seed)
      const at = (sign: number) =>
        gradientOfMlp(
          graph,
          Float64Array.from(graph.initialParams, (value, j) => value + sign * step * v[j]!),
        )
      const [above, below] = [at(1), at(-1)]
      const found = await apply(v)
      found.forEach((value, j) =>
        expect(value).toBeCloseTo((above[j]! - below[j]!) / (2 * step), 4),
      )
    }
    await release()
  })

  it.each([
    'transformer.onnx',
    'batchnorm-cnn.onnx',
    'softmax-cnn.onnx',
    'tied-mlp.onnx',
    'mlp-opset11.onnx',
    'logsoftmax-mlp.onnx',
  ])('of %s is symmetric: uᵀΣv = vᵀΣu', async (name) => {
    const graph = promoteModel(modelFile(name), { trainable: ['*'] })
    const { apply, release } = await openProduct(graph)
    const [u, v] = [normals(graph.dim, 1), normals(graph.dim, 2)]
    const [ofU, ofV] = [await apply(u), await apply(v)]
    const dot = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, value, j) => sum + value * b[j]!, 0)
    const size = Math.sqrt(dot(u, u) * dot(ofV, ofV))
    expect(size).toBeGreaterThan(0)
    expect(Math.abs(dot(u, ofV) - dot(v, ofU)) / size).toBeLessThan(1e-5)
    await release()
  })
})

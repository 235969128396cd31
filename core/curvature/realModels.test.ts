/**
 * The Hessian lab on real models: against the closed form of softmax regression, and its two ways
 * against each other.
 */
import { describe, expect, it } from 'vitest'
import { trueDiagonal } from './diagonal.ts'
import { diagonalByCoordinates, hessianOperator } from './differences.ts'
import type { LossSurface } from './index.ts'
import { buildModel, promoteModel, type TrainableGraph } from '../model/index.ts'
import { differentiate } from '../onnx/index.ts'
import { RandomStream } from '../random/index.ts'
import { modelFile } from '../testing/models/index.ts'
import { openGradientSession } from '../../platform/gradientSession.ts'

const rows = 64
const features = 12
const classes = 4

async function surfaceOf(graph: TrainableGraph) {
  const size = graph.featureShape.reduce((product, length) => product * length, 1)
  const session = await openGradientSession(differentiate(graph))
  const stream = new RandomStream(8, 'curvature')
  const x = Float32Array.from({ length: rows * size }, () => stream.normal())
  const labels = BigInt64Array.from({ length: rows }, () => BigInt(stream.below(graph.classes)))
  const part = new Float32Array(graph.dim)
  const gradient = async (params: Float32Array, out: Float64Array) => {
    const loss = await session.run(params, x, labels, part)
    out.set(part)
    return loss
  }
  const surface: LossSurface = {
    dim: graph.dim,
    gradient,
    loss: (params) => gradient(params, new Float64Array(graph.dim)),
  }
  return { graph, surface, x, release: () => session.release() }
}

/**
 * Class probabilities of every row, from weights [features, classes] or [classes, features] and
 * biases, in float64.
 */
function probabilities(
  x: Float32Array,
  weight: (feature: number, class_: number) => number,
  bias: (class_: number) => number,
): Float64Array {
  const p = new Float64Array(rows * classes)
  for (let r = 0; r < rows; r++) {
    let sum = 0
    for (let c = 0; c < classes; c++) {
      let logit = bias(c)
      for (let j = 0; j < features; j++) logit += x[r * features + j]! * weight(j, c)
      sum += p[r * classes + c] = Math.exp(logit)
    }
    for (let c = 0; c < classes; c++) p[r * classes + c]! /= sum
  }
  return p
}

describe('the diagonal of the Hessian of softmax regression', () => {
  it('is mean p (1 − p) x², by differences, to 1e-3', async () => {
    const { graph, surface, x, release } = await surfaceOf(
      buildModel('softmax', { featureShape: [features], classes }, 3),
    )
    const params = graph.initialParams
    const weightsAt = graph.trainables.find(({ size }) => size === features * classes)!
    const biasAt = graph.trainables.find(({ size }) => size === classes)!
    const isByClass = weightsAt.shape[0] === classes
    const indexOf = (j: number, c: number) =>
      weightsAt.offset + (isByClass ? c * features + j : j * classes + c)
    const p = probabilities(
      x,
      (j, c) => params[indexOf(j, c)]!,
      (c) => params[biasAt.offset + c]!,
    )
    const truth = new Float64Array(graph.dim)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < classes; c++) {
        const share = p[r * classes + c]!
        const curvature = (share * (1 - share)) / rows
        for (let j = 0; j < features; j++)
          truth[indexOf(j, c)]! += curvature * x[r * features + j]! ** 2
        truth[biasAt.offset + c]! += curvature
      }
    const found = await diagonalByCoordinates(hessianOperator(surface, params), graph.dim)
    const worst = found.reduce(
      (most, value, j) => Math.max(most, Math.abs(value / truth[j]! - 1)),
      0,
    )
    expect(worst).toBeLessThan(1e-3)
    await release()
  })
})

describe('the diagonal of the Hessian of a transformer', () => {
  it('is the same from probes as exact, to within the errors that the probes state', async () => {
    const { graph, surface, release } = await surfaceOf(
      promoteModel(modelFile('transformer.onnx'), { trainable: ['*'] }),
    )
    const exact = await diagonalByCoordinates(
      hessianOperator(surface, graph.initialParams),
      graph.dim,
    )
    const stream = new RandomStream(1, 'curvature')
    const found = await trueDiagonal(surface, graph.initialParams, 200, [], stream)
    let square = 0
    let counted = 0
    exact.forEach((value, j) => {
      if (found.errors![j]! === 0) return
      square += ((found.values[j]! - value) / found.errors![j]!) ** 2
      counted++
    })
    expect(counted).toBeGreaterThan(graph.dim / 2)
    // The mean square of hundreds of standard normals.
    expect(square / counted).toBeGreaterThan(0.7)
    expect(square / counted).toBeLessThan(1.4)
    await release()
  })
})

/** Losses of single samples, from real sessions: their slopes along a direction are gradients. */
import { expect, it } from 'vitest'
import type { Dataset, Samples } from '../data/index.ts'
import { centralDifference, sampleSlopes } from '../methods/index.ts'
import { differentiate } from '../onnx/index.ts'
import { fillNoise } from '../random/index.ts'
import { openGradientSession } from '../../platform/gradientSession.ts'
import { openSession } from '../../platform/sessions.ts'
import { buildModel } from './build.ts'
import { createDifferentiableClassification } from './differentiableObjective.ts'
import { meanLoss } from './objective.ts'

const features = new Float32Array(40 * 3)
fillNoise(features, 'gaussian', 1, 0, 0, 1)
const samples: Samples = {
  count: 40,
  labels: Int32Array.from({ length: 40 }, (_, i) => (i * i) % 4),
  gather: (indices, out) =>
    indices.forEach((index, at) => out.set(features.subarray(3 * index, 3 * index + 3), 3 * at)),
}
const dataset: Dataset = {
  name: 'noise',
  title: 'Noise',
  featureShape: [3],
  featureSize: 3,
  classes: ['a', 'b', 'c', 'd'],
  train: samples,
  test: samples,
  preprocessing: { kind: 'pixels', mean: 0, std: 1 },
  labelNumbers: undefined,
  notices: [],
  fingerprint: '',
}

it.each([
  ['softmax', []],
  ['mlp', [5]],
] as const)('of %s have the slopes that each sample’s gradient has', async (model, hidden) => {
  const graph = buildModel(model, { featureShape: [3], classes: 4, hidden: [...hidden] }, 1)
  const sizes = [6, 1, 4]
  const objective = createDifferentiableClassification({
    graph,
    session: await openSession(graph, { provider: 'cpu' }),
    gradientSession: await openGradientSession(differentiate(graph)),
    dataset,
    batchSize: 6,
    batchOf: ({ client, localStep }) =>
      localStep === 0
        ? Uint32Array.from({ length: sizes[client]! }, (_, i) => 10 * client + i)
        : Uint32Array.of(10 * client + localStep - 1),
  })
  const mu = 1 / 1024
  const directions = [0, 1].map((p) => {
    const z = new Float32Array(graph.dim)
    fillNoise(z, 'gaussian', 2, p, 0, 1)
    return z
  })
  const x = graph.initialParams
  const batches = sizes.map((_, client) => ({ client, round: 0, localStep: 0 }))
  const probes = [mu, -mu].flatMap((step) =>
    directions.map((z) => x.map((value, i) => value + step * z[i]!)),
  )
  const losses = []
  for (const probe of probes) losses.push(await objective.sampleLosses(probe, batches))

  const means = await objective.losses(probes[0]!, batches)
  expect([...means]).toEqual(losses[0]!.map(meanLoss))
  const gradient = new Float32Array(graph.dim)
  for (const [client, size] of sizes.entries()) {
    const own = losses.map((batch) => batch[client]!)
    expect(own[0]).toHaveLength(size)
    const slopes = sampleSlopes(centralDifference, own, 2, mu)
    for (let n = 0; n < size; n++) {
      await objective.gradient(x, { client, round: 0, localStep: n + 1 }, gradient)
      directions.forEach((z, p) => {
        const expected = gradient.reduce((sum, value, i) => sum + value * z[i]!, 0)
        expect(Math.abs(slopes[n]![p]! - expected)).toBeLessThan(2e-3 * (1 + Math.abs(expected)))
      })
    }
  }
  await objective.release()
})

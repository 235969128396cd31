import { describe, expect, it } from 'vitest'
import type { Dataset, Samples } from '../data/index.ts'
import { buildModel } from './build.ts'
import type { LossSession } from './session.ts'
import { createClassificationObjective } from './classification.ts'
import { createDifferentiableClassification, isDifferentiable } from './differentiableObjective.ts'
import type { GradientSession } from './gradientSession.ts'

/** Sample i has features (i, i + 0.5) and label i mod 3. */
const samples: Samples = {
  count: 50,
  labels: Int32Array.from({ length: 50 }, (_, i) => i % 3),
  gather: (indices, out) => indices.forEach((index, at) => out.set([index, index + 0.5], 2 * at)),
}

const dataset: Dataset = {
  name: 'counted',
  title: 'Counted',
  featureShape: [2],
  featureSize: 2,
  classes: ['a', 'b', 'c'],
  train: samples,
  test: samples,
  preprocessing: { kind: 'pixels', mean: 0, std: 1 },
  labelNumbers: undefined,
  notices: [],
  fingerprint: '',
}

function setUp(batchSize: number) {
  const runs: { features: number[]; labels: bigint[] }[] = []
  let released = 0
  const session: LossSession = {
    run: () => Promise.reject(new Error('no losses are asked for')),
    release: () => Promise.resolve(void released++),
  }
  const gradientSession: GradientSession = {
    run(params, features, labels, out) {
      runs.push({ features: [...features], labels: [...labels] })
      out.set(params)
      return Promise.resolve(labels.length)
    },
    release: () => Promise.resolve(void released++),
  }
  const graph = buildModel('softmax', { featureShape: [2], classes: 3 }, 1)
  const batchOf = ({ client, localStep }: { client: number; localStep: number }) =>
    Uint32Array.from({ length: batchSize }, (_, i) => 10 * client + localStep + i)
  const options = { graph, session, dataset, batchOf, batchSize, gradientSession }
  return { options, runs, releases: () => released }
}

describe('a differentiable classification objective', () => {
  it('asks for the gradient of the minibatch at an address', async () => {
    const { options, runs, releases } = setUp(2)
    const objective = createDifferentiableClassification(options)
    const out = new Float32Array(9)
    const params = new Float32Array(9).fill(3)
    expect(await objective.gradient(params, { client: 2, round: 0, localStep: 1 }, out)).toBe(2)
    expect(out).toEqual(params)
    expect(runs).toEqual([{ features: [21, 21.5, 22, 22.5], labels: [0n, 1n] }])
    await objective.release()
    expect(releases()).toBe(2)
  })

  it('gives no slope where there are no samples', async () => {
    const { options, runs } = setUp(0)
    const out = new Float32Array(9).fill(1)
    const objective = createDifferentiableClassification(options)
    const address = { client: 0, round: 0, localStep: 0 }
    expect(await objective.gradient(new Float32Array(9), address, out)).toBeNaN()
    expect(out).toEqual(new Float32Array(9))
    expect(runs).toEqual([])
  })

  it('is told from one without gradients', () => {
    const { options } = setUp(2)
    expect(isDifferentiable(createDifferentiableClassification(options))).toBe(true)
    expect(isDifferentiable(createClassificationObjective(options))).toBe(false)
  })
})

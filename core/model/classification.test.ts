import { describe, expect, it } from 'vitest'
import type { Dataset, Samples } from '../data/index.ts'
import { buildModel } from './build.ts'
import { createClassificationObjective, ROWS_PER_RUN } from './classification.ts'
import type { BatchAddress } from './objective.ts'
import type { LossSession } from './session.ts'

/** Sample i has features (i, i + 0.5) and label i mod 3. */
function samples(count: number, gathered: number[][] = []): Samples {
  return {
    count,
    labels: Int32Array.from({ length: count }, (_, i) => i % 3),
    gather(indices, out) {
      gathered.push([...indices])
      indices.forEach((index, at) => out.set([index, index + 0.5], 2 * at))
    },
  }
}

function setUp({ batchSize = 2, test = 7, wrongRows = [] as number[] } = {}) {
  const gathered: number[][] = []
  const buffers = new Set<ArrayBufferLike>()
  const runs: {
    params: Float32Array
    features: number[]
    labels: bigint[]
    wantLogits: boolean
  }[] = []
  const dataset: Dataset = {
    name: 'counted',
    title: 'Counted',
    featureShape: [2],
    featureSize: 2,
    classes: ['a', 'b', 'c'],
    train: samples(100, gathered),
    test: samples(test),
    preprocessing: { kind: 'pixels', mean: 0, std: 1 },
    labelNumbers: undefined,
    notices: [],
    fingerprint: '',
  }
  // The loss of a sample is its first feature plus the first parameter; the logits point at its
  // label, but for the wrong rows.
  const session: LossSession = {
    run(params, features, labels, wantLogits) {
      runs.push({ params, features: [...features], labels: [...labels], wantLogits })
      buffers.add(features.buffer)
      const losses = Float32Array.from(labels, (_, row) => features[2 * row]! + params[0]!)
      const logits = new Float32Array(labels.length * 3)
      labels.forEach((label, row) => {
        const isWrong = wrongRows.includes(features[2 * row]!)
        logits[3 * row + ((Number(label) + Number(isWrong)) % 3)] = 1
      })
      return Promise.resolve(wantLogits ? { losses, logits } : { losses })
    },
    release: () => Promise.resolve(),
  }
  const graph = buildModel('softmax', { featureShape: [2], classes: 3 }, 1)
  const batchOf = ({ client, round, localStep }: BatchAddress) =>
    Uint32Array.from({ length: batchSize }, (_, i) => 10 * client + round + localStep + i)
  const options = { graph, session, dataset, batchOf, batchSize }
  return { objective: createClassificationObjective(options), options, runs, gathered, buffers }
}

const batch = (client: number, round = 0, localStep = 0) => ({ client, round, localStep })
const params = Float32Array.of(100, 0, 0, 0, 0, 0, 0, 0, 0)

describe('the classification objective', () => {
  it('gives the mean loss of each minibatch from one run over all their rows', async () => {
    const { objective, runs } = setUp()
    expect([...(await objective.losses(params, [batch(4), batch(1)]))]).toEqual([140.5, 110.5])
    expect(runs).toEqual([
      {
        params,
        features: [40, 40.5, 41, 41.5, 10, 10.5, 11, 11.5],
        labels: [1n, 2n, 1n, 2n],
        wantLogits: false,
      },
    ])
    expect(await objective.losses(params, [])).toEqual(new Float64Array())
  })

  it('gathers the minibatches of a local step once for all perturbations', async () => {
    const { objective, gathered } = setUp()
    const groups = [[batch(4), batch(1)], [batch(2)]]
    for (let perturbation = 0; perturbation < 5; perturbation++) {
      for (const group of groups) await objective.losses(params, group)
    }
    expect(gathered).toEqual([
      [40, 41, 10, 11],
      [20, 21],
    ])
    const [next] = await objective.losses(params, [batch(2, 0, 1)])
    expect(next).toBe(121.5)
    expect(gathered).toHaveLength(3)
    // Another round with the same clients is another set of minibatches.
    expect((await objective.losses(params, [batch(2, 7)]))[0]).toBe(127.5)
  })

  it('uses the same memory again in the next local step', async () => {
    const { objective, buffers } = setUp()
    for (let localStep = 0; localStep < 20; localStep++) {
      const groups = [[batch(1, 0, localStep), batch(2, 0, localStep)], [batch(3, 0, localStep)]]
      for (const group of groups) await objective.losses(params, group)
    }
    expect(buffers.size).toBe(2)
  })

  it('puts as many minibatches into one run as a full run has rows, at least one', () => {
    expect(setUp({ batchSize: 32 }).objective.batchesPerCall).toBe(ROWS_PER_RUN / 32)
    expect(setUp({ batchSize: 1 }).objective.batchesPerCall).toBe(ROWS_PER_RUN)
    expect(setUp({ batchSize: 5000 }).objective.batchesPerCall).toBe(1)
  })

  it('refuses more minibatches than that: shapes would differ from one caller to the next', async () => {
    const { objective } = setUp({ batchSize: ROWS_PER_RUN })
    await expect(objective.losses(params, [batch(0), batch(1)])).rejects.toThrow('at most 1')
  })

  it('evaluates any range of the held-out samples, in runs of limited size', async () => {
    const { objective, runs } = setUp({ test: 600, wrongRows: [3, 299, 500] })
    expect(objective.testSamples).toBe(600)
    const zero = new Float32Array(9)
    expect(await objective.evaluate(zero, 2, 5)).toEqual({ lossSum: 9, correct: 2, samples: 3 })
    const whole = await objective.evaluate(zero, 0, 600)
    expect(whole).toEqual({ lossSum: (599 * 600) / 2, correct: 597, samples: 600 })
    expect(runs.map((it) => it.labels.length)).toEqual([3, 256, 256, 88])
  })

  it("starts from the graph's own parameters, in a copy", () => {
    const { objective, options } = setUp()
    expect(objective.dim).toBe(9)
    objective.initialParams().fill(0)
    expect(objective.initialParams()).toEqual(options.graph.initialParams)
  })

  it('refuses a model of other samples or of fewer classes than the dataset', () => {
    const { options } = setUp()
    const wide = buildModel('softmax', { featureShape: [3], classes: 3 }, 1)
    expect(() => createClassificationObjective({ ...options, graph: wide })).toThrow(
      /takes samples of 3, and Counted has 2/,
    )
    const few = buildModel('softmax', { featureShape: [2], classes: 2 }, 1)
    expect(() => createClassificationObjective({ ...options, graph: few })).toThrow(
      /has 2 classes, and Counted has 3.*at least as many classes/,
    )
  })
})

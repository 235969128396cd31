import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  buildModel,
  checkBatching,
  exportTrained,
  promoteModel,
  type LossSession,
  type TrainableGraph,
} from '../core/model/index.ts'
import { externalDataFrom } from '../core/onnx/index.ts'
import { RandomStream } from '../core/random/index.ts'
import { expectedLogits, modelFile, oracleFeatures } from '../core/testing/models/index.ts'
import { openSession } from './sessions.ts'

const externalData = externalDataFrom(new Map([['external.bin', [modelFile('external.bin')]]]))

const oracles = Object.keys(expectedLogits).filter((it) => it !== 'cnn-mnist')

function promote(name: string): TrainableGraph {
  return promoteModel(modelFile(`${name}.onnx`), { trainable: ['*'], externalData })
}

function batchOf(graph: TrainableGraph, rows: number) {
  const featureSize = graph.featureShape.reduce((product, length) => product * length, 1)
  const features = oracleFeatures(rows * featureSize)
  const labels = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % graph.classes))
  return { features, labels }
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a.length).toBe(b.length)
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0)
}

/** −log softmax in float64. */
function crossEntropies(logits: Float32Array, labels: BigInt64Array): number[] {
  const classes = logits.length / labels.length
  return Array.from(labels, (label, row) => {
    const own = Array.from(logits.subarray(row * classes, (row + 1) * classes))
    const most = Math.max(...own)
    const sum = own.reduce((total, it) => total + Math.exp(it - most), 0)
    return most + Math.log(sum) - own[Number(label)]!
  })
}

async function meanLoss(
  session: LossSession,
  params: Float32Array,
  batch: ReturnType<typeof batchOf>,
) {
  const { losses } = await session.run(params, batch.features, batch.labels, false)
  return losses.reduce((sum, it) => sum + it, 0) / losses.length
}

describe('a promoted model', () => {
  it.each(oracles)(
    '%s gives the logits of the tool that made it, and their cross-entropy',
    async (name) => {
      const { rows, logits: expected, featureShape } = expectedLogits[name]!
      const graph = promote(name)
      expect(graph.featureShape).toEqual(featureShape)
      const session = await openSession(graph)
      await checkBatching(graph, session)
      const { features, labels } = batchOf(graph, rows)
      const answer = await session.run(graph.initialParams, features, labels, true)
      expect(largestDifference(answer.logits!, expected)).toBeLessThan(1e-5)
      expect(largestDifference(answer.losses, crossEntropies(answer.logits!, labels))).toBeLessThan(
        1e-5,
      )
      await session.release()
    },
  )

  it.each(oracles)('%s learns by zeroth-order steps', async (name) => {
    const graph = promote(name)
    const session = await openSession(graph)
    const batch = batchOf(graph, 6)
    const params = graph.initialParams.slice()
    const before = await meanLoss(session, params, batch)
    const noise = new RandomStream(1, 'objective')
    for (let step = 0; step < 60; step++) {
      const direction = Float32Array.from(params, () => noise.normal())
      const shifted = params.map((x, j) => x + 1e-3 * direction[j]!)
      const base = await meanLoss(session, params, batch)
      const scalar = ((await meanLoss(session, shifted, batch)) - base) / 1e-3
      params.forEach((_, j) => (params[j]! -= (0.3 / graph.dim) * scalar * direction[j]!))
    }
    expect(await meanLoss(session, params, batch)).toBeLessThan(before)
    await session.release()
  })

  it.each(oracles)('%s comes back as an ordinary classifier with the new weights', async (name) => {
    const graph = promote(name)
    const session = await openSession(graph)
    const { features, labels } = batchOf(graph, 3)
    const params = graph.initialParams.map((x, j) => x + 0.01 * Math.sin(j))
    const { logits } = await session.run(params, features, labels, true)
    const bytes = exportTrained(graph, params)
    const plain = await InferenceSession.create(bytes, { intraOpNumThreads: 1 })
    expect(plain.inputNames).toHaveLength(1)
    expect(plain.outputNames).toEqual(
      (await InferenceSession.create(withData(name), { intraOpNumThreads: 1 })).outputNames,
    )
    const feeds = { [plain.inputNames[0]!]: new Tensor(features, [3, ...graph.featureShape]) }
    const output = (await plain.run(feeds))[plain.outputNames[0]!]!.data as Float32Array
    const classes = logits!.length / 3
    const ends = /"?(LogSoftmax|Softmax)"?/.exec(endingOf(name))?.[1]
    const expected =
      ends === undefined
        ? logits!
        : Array.from({ length: 3 }, (_, row) =>
            crossEntropies(
              Float32Array.from(
                { length: classes * classes },
                (_, i) => logits![row * classes + (i % classes)]!,
              ),
              BigInt64Array.from({ length: classes }, (_, i) => BigInt(i)),
            ).map((it) => (ends === 'Softmax' ? Math.exp(-it) : -it)),
          ).flat()
    expect(largestDifference(output, expected)).toBeLessThan(1e-5)
    // And it is a file that can be trained again.
    expect(promoteModel(bytes, { trainable: ['*'] }).initialParams.toSorted()).toEqual(
      params.toSorted(),
    )
  })
})

/**
 * The original file with its external data inside, which the runtime would otherwise look for in
 * the current folder.
 */
function withData(name: string): Uint8Array {
  return name === 'external'
    ? exportTrained(promote(name), promote(name).initialParams)
    : modelFile(`${name}.onnx`)
}

function endingOf(name: string): string {
  if (name === 'softmax-cnn') return 'Softmax'
  return name === 'logsoftmax-mlp' || name === 'constants' ? 'LogSoftmax' : ''
}

describe('a built-in model', () => {
  it('cnn-mnist gives the logits that PyTorch gives with the same weights', async () => {
    const expected = expectedLogits['cnn-mnist']!
    const graph = buildModel('cnn-mnist', { featureShape: [1, 28, 28], classes: 10 }, 365)
    expect(graph.dim).toBe(expected.dim)
    const params = Float32Array.from(
      { length: graph.dim },
      (_, j) => 0.1 * (((53 * j + 7) % 103) / 51 - 1),
    )
    const session = await openSession(graph)
    const { features, labels } = batchOf(graph, expected.rows)
    const { logits } = await session.run(params, features, labels, true)
    const scale = Math.max(...expected.logits.map(Math.abs))
    expect(largestDifference(logits!, expected.logits) / scale).toBeLessThan(1e-5)
  })

  it('has a finite loss at logits that overflow exp', async () => {
    const graph = buildModel('softmax', { featureShape: [2], classes: 3 }, 1)
    const session = await openSession(graph)
    const params = Float32Array.of(1e4, 0, 0, 0, -1e4, 0, 0, 0, 0)
    const { losses } = await session.run(params, Float32Array.of(1, 1), BigInt64Array.of(2n), false)
    expect(losses[0]).toBe(2e4)
  })
})

describe('a session', () => {
  const graph = buildModel('mlp', { featureShape: [6], classes: 3, hidden: [5] }, 7)

  it('reads the memory of the parameters anew in every run, wherever they lie', async () => {
    const session = await openSession(graph)
    const { features, labels } = batchOf(graph, 4)
    const memory = new Float32Array(1024)
    const params = memory.subarray(16, 16 + graph.dim)
    params.set(graph.initialParams)
    const first = (await session.run(params, features, labels, false)).losses.slice()
    params[0]! += 1
    const moved = (await session.run(params, features, labels, false)).losses.slice()
    expect(moved).not.toEqual(first)
    const elsewhere = memory.subarray(512, 512 + graph.dim)
    elsewhere.set(graph.initialParams)
    expect((await session.run(elsewhere, features, labels, false)).losses).toEqual(first)
    expect((await session.run(params, features, labels, false)).losses).toEqual(moved)
    for (let copy = 0; copy < 20; copy++) {
      expect(
        (await session.run(graph.initialParams.slice(), features, labels, false)).losses,
      ).toEqual(first)
    }
    await session.release()
  })

  it('sees new features in the same array', async () => {
    const session = await openSession(graph)
    const { features, labels } = batchOf(graph, 4)
    const first = (await session.run(graph.initialParams, features, labels, false)).losses.slice()
    features.fill(0)
    expect((await session.run(graph.initialParams, features, labels, false)).losses).not.toEqual(
      first,
    )
    await session.release()
  })

  it('keeps runs apart that are asked for at the same time', async () => {
    const session = await openSession(graph)
    const four = batchOf(graph, 4)
    const nine = batchOf(graph, 9)
    nine.features.reverse()
    const run = ({ features, labels }: typeof four) =>
      session.run(graph.initialParams, features, labels, true)
    const apart = [await run(four), await run(nine)]
    expect(await Promise.all([run(four), run(nine)])).toEqual(apart)
    await session.release()
  })

  it('gives the same bits in every run and in every session', async () => {
    const answers: Float32Array[] = []
    for (let i = 0; i < 3; i++) {
      const session = await openSession(graph)
      const { features, labels } = batchOf(graph, 32)
      const run = () => session.run(graph.initialParams, features, labels, true)
      answers.push((await run()).logits!, (await run()).logits!)
      await session.release()
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('is refused on a provider that the runtime does not have, instead of quietly taking the CPU', async () => {
    const absent = process.platform === 'darwin' ? 'dml' : 'coreml'
    await expect(openSession(graph, { provider: absent })).rejects.toMatchObject({
      code: 'PROVIDER_UNAVAILABLE',
    })
  })

  it('says what the runtime has against a graph', async () => {
    const broken = { ...graph, bytes: graph.bytes.slice(0, 100) }
    await expect(openSession(broken)).rejects.toMatchObject({ code: 'MODEL_UNSUPPORTED' })
  })

  it('says so when a model works only for the batch it was exported with', async () => {
    const stuck = promote('stuck-batch')
    const session = await openSession(stuck)
    await expect(checkBatching(stuck, session)).rejects.toThrow(
      /dynamic shapes that can't be resolved.*Export it/s,
    )
  })

  it('says that weights are not finite, instead of blaming the batch', async () => {
    const poisoned = { ...graph, initialParams: graph.initialParams.map(() => NaN) }
    const session = await openSession(poisoned)
    await expect(checkBatching(poisoned, session)).rejects.toThrow(/a weight is NaN or infinite/)
  })
})

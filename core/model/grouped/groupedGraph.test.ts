/** Groups of probes in ONNX Runtime: their losses are those of the written-out x + μz. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  buildOpt,
  groupFeeds,
  groupProbes,
  importDecoder,
  lowRankLayout,
  promoteModel,
  trainDecoder,
  type LowRankPoint,
  type NamedTensors,
  type TrainableSet,
} from '../index.ts'
import type { Trainable } from '../trainableGraph.ts'
import { RandomStream } from '../../random/index.ts'
import { modelFile, oracleFeatures } from '../../testing/models/index.ts'
import { openGraphRunner } from '../../../platform/index.ts'

const rank = 2
const rowsOfProbe = 3

interface Case {
  readonly bytes: Uint8Array
  readonly trainables: readonly Trainable[]
  readonly losses: string
  readonly x: Float32Array
  /** Of so many probes at the same minibatch. */
  data(probes: number): NamedTensors
}

function randomVector(length: number, seed: number, scale: number): Float32Array {
  const stream = new RandomStream(seed, 'initialisation', 0, 0)
  return Float32Array.from({ length }, () => scale * (2 * stream.uniform() - 1))
}

/** x + Σ w z, by the definition of docs/run-format.md. */
function writtenOut({ trainables, x }: Case, point: LowRankPoint): Float32Array {
  const { parts } = lowRankLayout(trainables, rank)
  const out = x.slice()
  for (const { factors, weight } of point)
    for (const { start, rows, columns, rank: own, at } of parts)
      for (let e = 0; e < rows * columns; e++) {
        const [i, j] = [Math.floor(e / columns), e % columns]
        let z = own === 0 ? factors[at + e]! : 0
        for (let k = 0; k < own; k++)
          z += factors[at + i * own + k]! * factors[at + own * rows + k * columns + j]!
        out[start + e]! += weight * z
      }
  return out
}

function plainFeeds({ trainables }: Case, x: Float32Array): NamedTensors {
  return Object.fromEntries(
    trainables.map(({ name, shape, offset, size }) => [
      name,
      { data: x.subarray(offset, offset + size), shape },
    ]),
  )
}

async function lossesOf(bytes: Uint8Array, losses: string, feeds: NamedTensors) {
  const runner = await openGraphRunner(bytes)
  const results = await runner.run(feeds, { [losses]: undefined })
  await runner.release()
  return [...results[losses]!]
}

async function expectAgreement(it: Case): Promise<void> {
  const layout = lowRankLayout(it.trainables, rank)
  const [a, b, c] = [1, 2, 3].map((seed) => randomVector(layout.length, seed, 1)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const points: LowRankPoint[] = [
    [],
    [{ factors: a, weight: 0.05 }],
    [{ factors: a, weight: -0.05 }],
    [
      { factors: b, weight: 0.03 },
      { factors: c, weight: -0.02 },
    ],
  ]
  const grouped = groupProbes(it, layout)
  if ('obstacle' in grouped) throw new Error(grouped.obstacle)
  const together = await lossesOf(grouped.bytes, it.losses, {
    ...it.data(points.length),
    ...groupFeeds(grouped.tensors, it.trainables, it.x, points),
  })
  const expected: number[] = []
  for (const point of points)
    expected.push(
      ...(await lossesOf(it.bytes, it.losses, {
        ...it.data(1),
        ...plainFeeds(it, writtenOut(it, point)),
      })),
    )
  expect(together).toHaveLength(expected.length)
  for (const [i, loss] of expected.entries())
    expect(Math.abs(together[i]! - loss), `loss ${i}`).toBeLessThan(1e-5 * (1 + Math.abs(loss)))
  // Otherwise nothing was tried.
  const moved = expected.map((loss, i) => Math.abs(loss - expected[i % (expected.length / 4)]!))
  expect(Math.max(...moved)).toBeGreaterThan(1e-4)
}

function classifier(bytes: Uint8Array, featureShape?: readonly number[]): Case {
  const graph = promoteModel(bytes, { trainable: ['*'], ...(featureShape && { featureShape }) })
  const size = graph.featureShape.reduce((product, length) => product * length, 1)
  const features = oracleFeatures(rowsOfProbe * size)
  return {
    ...graph,
    x: graph.initialParams,
    data: (probes) => ({
      [graph.features]: {
        data: Float32Array.from(
          { length: probes * features.length },
          (_, i) => features[i % features.length]!,
        ),
        shape: [probes * rowsOfProbe, ...graph.featureShape],
      },
      [graph.labels]: {
        data: BigInt64Array.from({ length: probes * rowsOfProbe }, (_, i) =>
          BigInt((i % rowsOfProbe) % graph.classes),
        ),
        shape: [probes * rowsOfProbe],
      },
    }),
  }
}

const folder = fileURLToPath(new URL('../../testing/models/language/', import.meta.url))
const file = (name: string) => new Uint8Array(readFileSync(`${folder}${name}`))
const full: TrainableSet = { kind: 'full' }
const lora: TrainableSet = { kind: 'lora', rank: 4, alpha: 8, targets: ['q', 'v'] }
const length = 5
const vocabulary = 13

function decoder(
  source: ReturnType<typeof buildOpt>,
  trainables: TrainableSet,
  candidates: readonly number[] | undefined,
): Case {
  const { inputs, ...graph } = trainDecoder(source, {
    trainables,
    seed: 1,
    ...(candidates && { candidates }),
  })
  const integers = (count: number, shape: readonly number[], of: (i: number) => number) => ({
    data: BigInt64Array.from({ length: count }, (_, i) => BigInt(of(i))),
    shape,
  })
  return {
    ...graph,
    // LoRA's B begins at 0, where nothing would show.
    x: graph.initialParams().map((x, i) => x + 0.05 * Math.sin(i)),
    data(probes) {
      const rows = probes * rowsOfProbe
      const shape = [rows, length]
      const own = rowsOfProbe * length
      return {
        [inputs.tokens]: integers(
          rows * length,
          shape,
          (i) => (3 * Math.floor((i % own) / length) + 5 * (i % length) + 2) % vocabulary,
        ),
        ...(inputs.attention && { [inputs.attention]: integers(rows * length, shape, () => 1) }),
        ...(inputs.positions && {
          [inputs.positions]: integers(rows * length, shape, (i) => i % length),
        }),
        [graph.picks]: integers(rows, [rows], (i) => i * length + length - 1),
        [graph.targets]: integers(rows, [rows], (i) => (i % rowsOfProbe) % 2),
        ...graph.held,
      }
    },
  }
}

const small = { layers: 2, hidden: 16, heads: 2, ffn: 32, vocabulary, positions: 16 }

describe('a group of probes has the losses of the written-out x + μz', () => {
  it.each(['mlp-opset11', 'mlp-opset13', 'mlp-opset17', 'tied-mlp', 'fixed-batch'])(
    'in %s',
    async (name) => {
      await expectAgreement(classifier(modelFile(`${name}.onnx`)))
    },
  )

  it.each([
    ['in full', full, undefined],
    ['in full, with candidates of a tied matrix', full, [3, 7]],
    ['with LoRA', lora, [3, 7]],
  ] as const)('in our own OPT %s', async (_name, trainables, candidates) => {
    await expectAgreement(decoder(buildOpt(small, 1), trainables, candidates))
  })

  it('in an OPT with norms last and narrow embeddings', async () => {
    await expectAgreement(
      decoder(buildOpt({ ...small, embedding: 12, normLast: true }, 1), full, [3, 7]),
    )
  })

  it.each(
    ['gpt-opset13.onnx', 'gpt-opset17-unfolded.onnx', 'llama-opset14.onnx'].flatMap((name) => [
      [name, 'in full', full, undefined] as const,
      [name, 'with LoRA', lora, [3, 7]] as const,
    ]),
  )('in %s %s', async (name, _set, trainables, candidates) => {
    await expectAgreement(decoder(importDecoder(file(name)), trainables, candidates))
  })
})

/**
 * Gradients of whole decoders against central differences in float64: our own OPT and exported
 * ones, in full and through LoRA.
 */
import { readFileSync } from 'node:fs'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import {
  createDifferentiableLanguage,
  importDecoder,
  parameterFeeds,
  tokenFeeds,
  trainDecoder,
  type Decoder,
  type LanguageGraph,
  type NamedTensor,
  type TrainableSet,
} from '../index.ts'
import { differentiateWeighted } from '../../onnx/index.ts'
import { RandomStream } from '../../random/index.ts'
import { formulaOpt } from '../../testing/formulaOpt.ts'
import { inFloat64 } from '../../testing/gradients/float64Model.ts'
import { tokenRows } from '../../testing/tokenRows.ts'
import { openGraphRunner } from '../../../platform/index.ts'

const vocabulary = 13
const shape = { layers: 2, hidden: 8, heads: 2, ffn: 12, vocabulary, positions: 9 }
const exported = (name: string) => () =>
  importDecoder(
    new Uint8Array(
      readFileSync(new URL(`../../testing/models/language/${name}.onnx`, import.meta.url)),
    ),
  )
const decoders: Readonly<Record<string, () => Decoder>> = {
  opt: () => formulaOpt(shape),
  'opt with norms last': () => formulaOpt({ ...shape, embedding: 6, normLast: true }),
  'gpt-opset13': exported('gpt-opset13'),
  'gpt-opset17-unfolded': exported('gpt-opset17-unfolded'),
  'llama-float16': exported('llama-float16'),
  'llama-opset14': exported('llama-opset14'),
  'llama-opset16-unnamed': exported('llama-opset16-unnamed'),
}
const sets: Readonly<Record<string, TrainableSet>> = {
  full: { kind: 'full' },
  lora: { kind: 'lora', rank: 2, alpha: 4, targets: ['q', 'v'] },
}
const answers: Readonly<Record<string, readonly number[] | undefined>> = {
  words: [3, 7],
  texts: undefined,
}
const cases = Object.keys(decoders).flatMap((decoder) =>
  Object.keys(sets).flatMap((set) => Object.keys(answers).map((kind) => [decoder, set, kind])),
) as [string, string, string][]

/** Step of the differences: their own error is about its square, or 1e-16 divided by it. */
const STEP = 1e-5
/** Entries of each trainable that are looked at, at equal distances. */
const ENTRIES = 12

/**
 * What a pass over four rows of two lengths is fed with, padded, but for the parameters; and what
 * each loss counts.
 */
function batchOf(graph: LanguageGraph, candidates: readonly number[] | undefined) {
  const dataset = tokenRows({ rows: 4, length: 7, vocabulary, ...(candidates && { candidates }) })
  const rows = Array.from({ length: 4 }, (_, i) => ({
    row: dataset.train.row(i),
    label: dataset.train.labels[i]!,
  }))
  const { feeds, picksPerRow } = tokenFeeds(rows, graph, dataset.padding)
  const count = picksPerRow.reduce((sum, it) => sum + it, 0)
  const shares = Float32Array.from({ length: count }, (_, i) => (i + 1) / 8)
  return { feeds, shares }
}

/** Away from LoRA's start, at which half of the gradient is 0. */
function awayFromStart(graph: LanguageGraph): Float32Array {
  const stream = new RandomStream(5, 'initialisation')
  return graph.initialParams().map((x) => x + 0.1 * stream.normal())
}

async function gradientOf(
  graph: LanguageGraph,
  params: Float32Array,
  batch: ReturnType<typeof batchOf>,
): Promise<Float32Array> {
  const { bytes, gradients, shares } = differentiateWeighted(graph)
  const runner = await openGraphRunner(bytes)
  const out = new Float32Array(graph.dim)
  const weights: NamedTensor = { data: batch.shares, shape: [batch.shares.length] }
  await runner.run(
    { ...parameterFeeds(graph)(params), ...batch.feeds, [shares]: weights },
    Object.fromEntries(
      graph.trainables.map(({ shape, offset, size }, i) => [
        gradients[i]!,
        { data: out.subarray(offset, offset + size), shape },
      ]),
    ),
  )
  await runner.release()
  return out
}

/** f in float64. */
async function openDouble(graph: LanguageGraph, { feeds, shares }: ReturnType<typeof batchOf>) {
  const session = await InferenceSession.create(inFloat64(graph.bytes), {
    // Fusions would put back what was written out.
    graphOptimizationLevel: 'basic',
    intraOpNumThreads: 1,
    logSeverityLevel: 4,
  })
  const integers = Object.entries(feeds).map(([name, { data, shape }]) => [
    name,
    data instanceof BigInt64Array
      ? new Tensor('int64', data, shape)
      : new Tensor('float64', Float64Array.from(data), shape),
  ])
  const fixed = Object.fromEntries(integers) as Record<string, Tensor>
  return {
    async value(params: Float64Array): Promise<number> {
      const own = Object.fromEntries(
        graph.trainables.map(({ name, shape, offset, size }) => [
          name,
          new Tensor('float64', params.subarray(offset, offset + size), shape),
        ]),
      )
      const results = await session.run({ ...fixed, ...own }, [graph.losses])
      const losses = results[graph.losses]!.data as Float64Array
      return losses.reduce((sum, loss, i) => sum + shares[i]! * loss, 0)
    },
    release: () => session.release(),
  }
}

const norm = (x: readonly number[]): number => Math.hypot(...x)

describe('the gradient of a whole decoder', () => {
  it.each(cases)('of %s, %s, answering in %s, is its slope', async (decoder, set, kind) => {
    const candidates = answers[kind]
    const graph = trainDecoder(decoders[decoder]!(), {
      trainables: sets[set]!,
      seed: 1,
      ...(candidates && { candidates }),
    })
    const batch = batchOf(graph, candidates)
    const params = awayFromStart(graph)
    const gradient = await gradientOf(graph, params, batch)
    const double = await openDouble(graph, batch)
    const x = Float64Array.from(params)
    const compared: { found: number[]; slopes: number[] }[] = []
    for (const { offset, size } of graph.trainables) {
      const stride = Math.max(1, Math.ceil(size / ENTRIES))
      const [found, slopes]: [number[], number[]] = [[], []]
      for (let j = offset; j < offset + size; j += stride) {
        const at = x[j]!
        x[j] = at + STEP
        const above = await double.value(x)
        x[j] = at - STEP
        const below = await double.value(x)
        x[j] = at
        slopes.push((above - below) / (2 * STEP))
        found.push(gradient[j]!)
      }
      compared.push({ found, slopes })
    }
    await double.release()
    const whole = norm(compared.map(({ slopes }) => norm(slopes)))
    expect(whole).toBeGreaterThan(0)
    let worst = 0
    for (const { found, slopes } of compared) {
      const differences = found.map((it, i) => it - slopes[i]!)
      // The bias of attention's keys has no influence at all: there only rounding is left.
      worst = Math.max(worst, norm(differences) / Math.max(norm(slopes), 1e-3 * whole))
    }
    if (process.env['SHOW_ERRORS'] !== undefined) console.log(decoder, set, kind, worst)
    expect(worst).toBeLessThan(1e-4)
  })
})

describe('the objective of a language model with its gradient', () => {
  it.each(Object.keys(answers))('means over the rows, not over their %s', async (kind) => {
    const candidates = answers[kind]
    // Rows of one and of two tokens to learn.
    const whole = tokenRows({ rows: 4, length: 7, vocabulary, ...(candidates && { candidates }) })
    const dataset = {
      ...whole,
      train: {
        ...whole.train,
        row(index: number) {
          const { ids, answerFrom } = whole.train.row(index)
          return { ids, answerFrom: Math.min(ids.length, answerFrom + (index % 2)) }
        },
      },
    }
    const graph = trainDecoder(formulaOpt(shape), {
      trainables: sets['lora']!,
      seed: 1,
      ...(candidates && { candidates }),
    })
    const { bytes, ...gradients } = differentiateWeighted(graph)
    const objective = createDifferentiableLanguage({
      graph,
      runner: await openGraphRunner(graph.bytes),
      gradients,
      gradientRunner: await openGraphRunner(bytes),
      dataset,
      batchSize: 4,
      // Client 0 has all rows, client i the row before i.
      batchOf: ({ client }) =>
        client === 0 ? Uint32Array.of(0, 1, 2, 3) : Uint32Array.of(client - 1),
    })
    const params = awayFromStart(graph)
    const gradientOf = async (client: number) => {
      const out = new Float32Array(graph.dim).fill(NaN)
      const address = { client, round: 0, localStep: 0 }
      const loss = await objective.gradient(params, address, out)
      const [measured] = await objective.losses(params, [address])
      expect(loss).toBeCloseTo(measured!, 5)
      return out
    }
    const all = await gradientOf(0)
    const rows = [
      await gradientOf(1),
      await gradientOf(2),
      await gradientOf(3),
      await gradientOf(4),
    ]
    const mean = all.map((_, j) => rows.reduce((sum, row) => sum + row[j]! / 4, 0))
    expect(norm([...all])).toBeGreaterThan(0.1)
    expect(norm([...all.map((it, j) => it - mean[j]!)])).toBeLessThan(1e-5 * norm([...all]))
    await objective.release()
  })
})

/**
 * Language models in ONNX Runtime against PyTorch: our own OPT, and decoders of other forms
 * exported by torch.onnx.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import {
  buildOpt,
  createLanguageObjective,
  importDecoder,
  trainDecoder,
  type Decoder,
  type LanguageGraph,
  type Objective,
  type TrainableSet,
} from '../index.ts'
import { RandomStream } from '../../random/index.ts'
import { formulaOpt } from '../../testing/formulaOpt.ts'
import { tokenRows } from '../../testing/tokenRows.ts'
import { openGraphRunner } from '../../../platform/index.ts'

const folder = fileURLToPath(new URL('../../testing/models/language/', import.meta.url))
const file = (name: string) => new Uint8Array(readFileSync(`${folder}${name}`))

interface Expected {
  readonly inputs?: readonly string[]
  readonly logits: readonly number[]
  readonly padded?: readonly number[]
}

const expected = JSON.parse(new TextDecoder().decode(file('expected.json'))) as Readonly<
  Record<string, Expected>
>
const vocabulary = 13
const rows = 2
const length = 5
const ids = BigInt64Array.from({ length: rows * length }, (_, i) =>
  BigInt((3 * Math.floor(i / length) + 5 * (i % length) + 2) % vocabulary),
)
const full: TrainableSet = { kind: 'full' }
const lora: TrainableSet = { kind: 'lora', rank: 2, alpha: 4, targets: ['q', 'v'] }

async function logitsOf(graph: LanguageGraph, attention = new BigInt64Array(ids.length).fill(1n)) {
  const runner = await openGraphRunner(graph.bytes)
  const params = graph.initialParams()
  const { inputs } = graph
  const shape = [rows, length]
  const places = BigInt64Array.from(ids, (_, i) => BigInt(i % length))
  const all = BigInt64Array.from(ids, (_, i) => BigInt(i))
  const results = await runner.run(
    {
      [inputs.tokens]: { data: ids, shape },
      ...(inputs.attention !== undefined && { [inputs.attention]: { data: attention, shape } }),
      ...(inputs.positions !== undefined && { [inputs.positions]: { data: places, shape } }),
      [graph.picks]: { data: all, shape: [ids.length] },
      [graph.targets]: { data: new BigInt64Array(ids.length), shape: [ids.length] },
      ...Object.fromEntries(
        graph.trainables.map(({ name, shape, offset, size }) => [
          name,
          { data: params.subarray(offset, offset + size), shape },
        ]),
      ),
    },
    { [graph.logits]: undefined, [graph.losses]: undefined },
  )
  await runner.release()
  return results[graph.logits]!
}

function expectClose(actual: Float32Array, wanted: readonly number[], tolerance: number) {
  expect(actual.length).toBe(wanted.length)
  const worst = wanted.reduce((most, it, i) => Math.max(most, Math.abs(it - actual[i]!)), 0)
  expect(worst).toBeLessThan(tolerance)
}

/** Descent along random directions with central differences; the loss before and after. */
async function descend(
  objective: Objective,
  steps: number,
  rate: number,
): Promise<[number, number]> {
  const x = objective.initialParams()
  const lossAt = async (params: Float32Array) =>
    (await objective.losses(params, [{ client: 0, round: 0, localStep: 0 }]))[0]!
  const first = await lossAt(x)
  const mu = 1e-2
  for (let step = 0; step < steps; step++) {
    const stream = new RandomStream(7, 'shuffle', step)
    const z = Float32Array.from(x, () => stream.normal())
    const at = (side: number) => lossAt(x.map((it, i) => it + side * mu * z[i]!))
    const slope = ((await at(1)) - (await at(-1))) / (2 * mu)
    for (let i = 0; i < x.length; i++) x[i]! -= (rate / x.length) * slope * z[i]!
  }
  return [first, await lossAt(x)]
}

describe('our OPT', () => {
  const shape = { layers: 2, hidden: 8, heads: 2, ffn: 12, vocabulary, positions: 9 }
  const shapes = { opt: shape, 'opt-norm-last': { ...shape, embedding: 6, normLast: true } }

  it.each(Object.entries(shapes))('gives PyTorch’s logits: %s', async (name, own) => {
    const graph = trainDecoder(formulaOpt(own), { trainables: full, seed: 1 })
    expectClose(await logitsOf(graph), expected[name]!.logits, 1e-4)
    const attention = BigInt64Array.of(1n, 1n, 1n, 1n, 1n, 0n, 0n, 1n, 1n, 1n)
    const padded = (await logitsOf(graph, attention)).subarray((length + 2) * vocabulary)
    expectClose(padded, expected[name]!.padded!, 1e-4)
  })

  it('has the parameters of its published sizes', () => {
    const { dim } = trainDecoder(buildOpt(shape, 1), { trainables: full, seed: 1 })
    const { hidden, ffn, layers, positions } = shape
    const layer = 4 * (hidden * hidden + hidden) + 2 * hidden * ffn + ffn + hidden + 4 * hidden
    expect(dim).toBe(vocabulary * hidden + (positions + 2) * hidden + layers * layer + 2 * hidden)
  })
})

const imports = Object.keys(expected).filter((it) => !it.startsWith('opt'))

describe.each(imports)('%s', (name) => {
  const open = () => importDecoder(file(`${name}.onnx`))
  const rolesOf = (decoder: Decoder) => new Set(decoder.weights.map((it) => it.role))

  it('answers after surgery as before, trained in full or by LoRA', async () => {
    for (const trainables of [full, lora]) {
      const graph = trainDecoder(open(), { trainables, seed: 1 })
      expectClose(await logitsOf(graph), expected[name]!.logits, 1e-5)
    }
  })

  it('shows the parts of its attention', () => {
    const roles = rolesOf(open())
    const own = name.startsWith('gpt') ? ['qkv', 'position'] : ['q', 'k', 'v', 'head']
    for (const role of ['embedding', 'o', 'mlp', 'norm', ...own]) expect([...roles]).toContain(role)
  })

  it.each([
    ['full', full, 2],
    ['lora', lora, 0.3],
  ] as const)('learns in a few rounds of zeroth-order descent: %s', async (_, trainables, rate) => {
    const dataset = tokenRows({ rows: 12, length, vocabulary, candidates: [3, 7] })
    const graph = trainDecoder(open(), { trainables, seed: 1, candidates: dataset.candidates! })
    const runner = await openGraphRunner(graph.bytes)
    const batchOf = () => Uint32Array.from({ length: 12 }, (_, i) => i)
    const objective = createLanguageObjective({ graph, runner, dataset, batchOf, batchSize: 12 })
    const [first, last] = await descend(objective, 60, rate)
    await objective.release()
    expect(last).toBeLessThan(first - 0.02)
  })
})

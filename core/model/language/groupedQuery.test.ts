/**
 * Decoders as exporters for ONNX Runtime write them: fused operators of com.microsoft, packed
 * weights, a cache.
 */
import { describe, expect, it } from 'vitest'
import {
  checkSequences,
  createLanguageObjective,
  exportDecoder,
  importDecoder,
  inspectModel,
  parameterFeeds,
  trainDecoder,
  type LanguageGraph,
  type NamedTensor,
  type Objective,
  type TrainableSet,
} from '../index.ts'
import { RandomStream } from '../../random/index.ts'
import { groupedQueryDecoder, type GroupedQueryForm } from '../../testing/groupedQueryDecoder.ts'
import { tokenRows } from '../../testing/tokenRows.ts'
import { openGraphRunner } from '../../../platform/index.ts'

const vocabulary = 13
const rows = 2
const length = 5
const cells = rows * length
const ids = BigInt64Array.from({ length: cells }, (_, i) => BigInt((7 * i + 3) % vocabulary))
const lora: TrainableSet = { kind: 'lora', rank: 2, alpha: 4, targets: ['q', 'v'] }
const full: TrainableSet = { kind: 'full' }

const inputs: Readonly<Record<string, NamedTensor>> = {
  input_ids: { data: ids, shape: [rows, length] },
  attention_mask: { data: new BigInt64Array(cells).fill(1n), shape: [rows, length] },
  position_ids: {
    data: BigInt64Array.from(ids, (_, i) => BigInt(i % length)),
    shape: [rows, length],
  },
  num_logits_to_keep: { data: BigInt64Array.of(0n), shape: [] },
  ...Object.fromEntries(
    ['0.key', '0.value', '1.key', '1.value'].map((it) => [
      `past_key_values.${it}`,
      { data: new Float32Array(), shape: [rows, 1, 0, 16] },
    ]),
  ),
}

type Feeds = Readonly<Record<string, NamedTensor>>

async function run(bytes: Uint8Array, feeds: Feeds, output: string): Promise<Float32Array> {
  const runner = await openGraphRunner(bytes)
  const results = await runner.run(feeds, { [output]: undefined })
  await runner.release()
  return results[output]!
}

/** At all places, of a file as an exporter wrote it. */
function logitsOf(bytes: Uint8Array): Promise<Float32Array> {
  const names = inspectModel(bytes).inputs.map(({ name }) => name)
  return run(bytes, Object.fromEntries(names.map((it) => [it, inputs[it]!])), 'logits')
}

/** The same of a graph that is trained, at its start. */
function logitsAtStart(graph: LanguageGraph): Promise<Float32Array> {
  const { tokens, attention, positions, past } = graph.inputs
  const names = [tokens, attention, positions, ...past.map(({ name }) => name)]
  const all = BigInt64Array.from(ids, (_, i) => BigInt(i))
  const feeds = {
    ...Object.fromEntries(names.flatMap((it) => (it === undefined ? [] : [[it, inputs[it]!]]))),
    ...parameterFeeds(graph)(graph.initialParams()),
    [graph.picks]: { data: all, shape: [cells] },
    [graph.targets]: { data: new BigInt64Array(cells), shape: [cells] },
  }
  return run(graph.bytes, feeds, graph.logits)
}

function distance(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length)
  return a.reduce((most, it, i) => Math.max(most, Math.abs(it - b[i]!)), 0)
}

/**
 * HiSo's steps with one client: directions u / √H, H learned from the updates. The loss before and
 * after.
 */
async function learn(
  objective: Objective,
  steps: number,
  rate: number,
): Promise<readonly [first: number, last: number]> {
  const x = objective.initialParams()
  const hessian = new Float32Array(x.length).fill(1)
  const [mu, nu, epsilon] = [1e-2, 0.02, 1e-6]
  const lossAt = async (params: Float32Array) =>
    (await objective.losses(params, [{ client: 0, round: 0, localStep: 0 }]))[0]!
  const first = await lossAt(x)
  for (let step = 0; step < steps; step++) {
    const stream = new RandomStream(7, 'shuffle', step)
    const z = Float32Array.from(hessian, (h) => stream.normal() / Math.sqrt(h))
    const at = (side: number) => lossAt(x.map((it, i) => it + side * mu * z[i]!))
    const scalar = ((await at(1)) - (await at(-1))) / (2 * mu)
    for (let i = 0; i < x.length; i++) {
      const update = scalar * z[i]!
      x[i]! -= rate * update
      hessian[i] = (1 - nu) * hessian[i]! + nu * (update ** 2 + epsilon)
    }
  }
  return [first, await lossAt(x)]
}

async function objectiveOf(graph: LanguageGraph, candidates: readonly number[]) {
  const dataset = tokenRows({ rows: 12, length, vocabulary, candidates })
  const runner = await openGraphRunner(graph.bytes)
  await checkSequences(graph, runner, dataset)
  const batchOf = () => Uint32Array.from({ length: 12 }, (_, i) => i)
  return createLanguageObjective({ graph, runner, dataset, batchOf, batchSize: 12 })
}

const candidates = [3, 7]
const forms: Readonly<Record<string, GroupedQueryForm>> = {
  'rotary operators': { matrices: 'float32', rotary: 'operator' },
  'rotation within the attention': { matrices: 'float32', rotary: 'attention' },
  'a question for how many logits': {
    matrices: 'float32',
    rotary: 'attention',
    asksForLogits: true,
  },
  'four bits': { matrices: 'four bits', rotary: 'attention' },
}

describe.each(Object.entries(forms))('a decoder with %s', (_, form) => {
  const bytes = groupedQueryDecoder(form, vocabulary)
  const isPacked = form.matrices === 'four bits'
  const sets: readonly (readonly [string, TrainableSet, number])[] = [
    ['lora', lora, 0.02],
    ...(isPacked ? [] : [['full', full, 0.0005] as const]),
  ]

  it.each(sets)('answers after surgery as before: %s', async (_, trainables) => {
    const graph = trainDecoder(importDecoder(bytes), { trainables, seed: 1 })
    expect(distance(await logitsAtStart(graph), await logitsOf(bytes))).toBeLessThan(1e-5)
  })

  it('shows its parts', () => {
    const { weights, linears } = importDecoder(bytes)
    expect(linears.map(({ role }) => role)).toEqual([
      ...['q', 'k', 'v', 'o', 'mlp', 'mlp', 'mlp'],
      ...['q', 'k', 'v', 'o', 'mlp', 'mlp', 'mlp', 'head'],
    ])
    const free = weights.filter((it) => it.obstacle === undefined).map(({ role }) => role)
    expect(free.filter((it) => it === 'norm').length).toBe(5)
    expect(free.includes('embedding')).toBe(!isPacked)
    expect(free.includes('q')).toBe(!isPacked)
  })

  it.each(sets)('learns by HiSo: %s', async (_, trainables, rate) => {
    const graph = trainDecoder(importDecoder(bytes), { trainables, seed: 1, candidates })
    const objective = await objectiveOf(graph, candidates)
    const [first, last] = await learn(objective, 60, rate)
    await objective.release()
    expect(last).toBeLessThan(first - 0.02)
  })
})

describe('packed weights', () => {
  it('of four bits can’t be trained themselves, and the one that is named stands in the file', () => {
    const decoder = importDecoder(groupedQueryDecoder(forms['four bits']!, vocabulary))
    expect(() => trainDecoder(decoder, { trainables: full, seed: 1 })).toThrow(
      /embed_tokens\.weight_Q4: the weight is quantised to uint8.*kind: lora/,
    )
  })

  it('of four bits take no merged LoRA', () => {
    const open = () => importDecoder(groupedQueryDecoder(forms['four bits']!, vocabulary))
    const { trainables, initialParams } = trainDecoder(open(), { trainables: lora, seed: 1 })
    expect(() => exportDecoder(open(), trainables, initialParams(), 2)).toThrow(
      /weight_Q4.*can’t be merged.*peft/,
    )
  })

  it('of eight bits with rounded activations are refused by name, since rows would change each other', () => {
    const bytes = groupedQueryDecoder({ matrices: 'eight bits', rotary: 'attention' }, vocabulary)
    expect(() => trainDecoder(importDecoder(bytes), { trainables: lora, seed: 1 })).toThrow(
      /DynamicQuantizeLinear rounds the inputs of 15 layers.*q_proj\.weight_quantized.*four bits/,
    )
  })
})

it('what a grouped query attention can’t take is refused: padding on the left, unknown tokens, rows beyond its angles', async () => {
  const bytes = groupedQueryDecoder(forms['rotary operators']!, vocabulary)
  const graph = trainDecoder(importDecoder(bytes), { trainables: lora, seed: 1, candidates })
  const runner = await openGraphRunner(graph.bytes)
  const dataset = tokenRows({ rows: 4, length, vocabulary, candidates })
  const padding = { token: 0, side: 'left' as const }
  await expect(checkSequences(graph, runner, { ...dataset, padding })).rejects.toThrow(
    /padding on the left.*paddingSide to right/,
  )
  // Before anything is run: the runtime would speak of indices.
  await expect(checkSequences(graph, runner, { ...dataset, vocabulary: 14 })).rejects.toThrow(
    /the model knows 13 tokens, and the tokenizer makes 14/,
  )
  await expect(checkSequences(graph, runner, { ...dataset, longest: 65 })).rejects.toThrow(
    /the model reads 64 tokens at most, and the longest row has 65/,
  )
  await runner.release()
})

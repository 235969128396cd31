/**
 * Encoders with a classifier on top: the bundled one against its original, and one of BERT's form.
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { create } from '@bufbuild/protobuf'
import { importDecoder, trainDecoder, type LanguageGraph, type TrainableSet } from '../index.ts'
import { openTokenizer } from '../../data/index.ts'
import {
  DataType,
  encodeModel,
  ModelProtoSchema,
  node,
  tensor,
  valueInfo,
} from '../../onnx/index.ts'
import { RandomStream } from '../../random/index.ts'
import { createNodeHost, openGraphRunner } from '../../../platform/index.ts'
import { exportDecoder } from './exportDecoder.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const read = (path: string) => new Uint8Array(readFileSync(`${root}${path}`))

interface Sentence {
  readonly text: string
  readonly ids: readonly number[]
  readonly embedding: readonly number[]
}
const { sentences } = JSON.parse(
  new TextDecoder().decode(read('core/testing/models/language/use-lite.json')),
) as { readonly sentences: readonly Sentence[] }

/** Rows side by side, filled up on the right. */
function feedsOf(rows: readonly (readonly number[])[]) {
  const length = Math.max(...rows.map((row) => row.length)) + 2
  const ids = new BigInt64Array(rows.length * length)
  const mask = new BigInt64Array(rows.length * length)
  rows.forEach((row, r) =>
    row.forEach((id, c) => {
      ids[r * length + c] = BigInt(id)
      mask[r * length + c] = 1n
    }),
  )
  const shape = [rows.length, length]
  return { ids: { data: ids, shape }, mask: { data: mask, shape }, length }
}

describe('the bundled sentence encoder', () => {
  it('gives the embeddings of its original to 1e-5', async () => {
    const runner = await openGraphRunner(read('resources/models/use-lite/model.onnx'))
    const { ids, mask } = feedsOf(sentences.map((it) => it.ids))
    const { sentence_embedding: found } = await runner.run(
      { input_ids: ids, attention_mask: mask },
      { sentence_embedding: undefined },
    )
    sentences.forEach(({ embedding }, row) =>
      embedding.forEach((value, j) =>
        expect(Math.abs(found![row * embedding.length + j]! - value)).toBeLessThan(1e-5),
      ),
    )
    await runner.release()
  })

  it('cuts texts into the pieces of its original', async () => {
    const resources = `${root}resources`
    const { files } = createNodeHost({ resources, workerScript: '', version: 'test' })
    const tokenizer = await openTokenizer(`${resources}/models/use-lite`, files)
    for (const { text, ids } of sentences) expect(tokenizer.encode(text)).toEqual(ids)
  })
})

const [vocabulary, width] = [11, 6]

/** Words, positions and types added, a dense layer; states of tokens and, if asked for, of rows. */
function bertLike(outputs: readonly ('last_hidden_state' | 'pooler_output')[]): Uint8Array {
  const stream = new RandomStream(4, 'objective')
  const weight = (name: string, ...shape: number[]) =>
    tensor(
      name,
      shape,
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, () => stream.normal()),
    )
  const rows = ['batch', 'sequence'] as const
  return encodeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 14n }],
      graph: {
        name: 'bert-like',
        node: [
          node('Gather', ['words', 'input_ids'], 'word_states'),
          node('Gather', ['types', 'token_type_ids'], 'type_states'),
          node('Add', ['word_states', 'type_states'], 'sum'),
          node('MatMul', ['sum', 'dense.weight'], 'product'),
          node('Add', ['product', 'dense.bias'], 'shifted'),
          node('Tanh', ['shifted'], 'last_hidden_state'),
          node('Gather', ['last_hidden_state', 'zero'], 'first', { axis: 1 }),
          node('MatMul', ['first', 'pooler.weight'], 'pooled'),
          node('Tanh', ['pooled'], 'pooler_output'),
        ],
        initializer: [
          weight('words', vocabulary, width),
          weight('types', 2, width),
          weight('dense.weight', width, width),
          weight('dense.bias', width),
          weight('pooler.weight', width, width),
          tensor('zero', [], BigInt64Array.of(0n)),
        ],
        input: ['input_ids', 'attention_mask', 'token_type_ids'].map((it) =>
          valueInfo(it, DataType.INT64, rows),
        ),
        output: outputs.map((it) =>
          valueInfo(
            it,
            DataType.FLOAT,
            it === 'pooler_output' ? ['batch', width] : [...rows, width],
          ),
        ),
      },
    }),
  )
}

const texts = [
  [3, 1, 4],
  [1, 5, 9, 2, 6],
]

/** Logits of each text, all of its places being asked for. */
async function logitsOf(graph: LanguageGraph, params: Float32Array, rows = texts) {
  const { ids, mask, length } = feedsOf(rows)
  const picks = BigInt64Array.from(rows, (row, r) => BigInt(r * length + row.length - 1))
  const { inputs } = graph
  const runner = await openGraphRunner(graph.bytes)
  const results = await runner.run(
    {
      [inputs.tokens]: ids,
      ...(inputs.attention !== undefined && { [inputs.attention]: mask }),
      ...(inputs.types !== undefined && {
        [inputs.types]: { data: new BigInt64Array(ids.data.length), shape: ids.shape },
      }),
      [graph.picks]: { data: picks, shape: [rows.length] },
      [graph.targets]: { data: new BigInt64Array(rows.length), shape: [rows.length] },
      ...Object.fromEntries(
        graph.trainables.map(({ name, shape, offset, size }) => [
          name,
          { data: params.subarray(offset, offset + size), shape },
        ]),
      ),
    },
    { [graph.logits]: undefined },
  )
  await runner.release()
  return results[graph.logits]!
}

const sets: readonly (readonly [TrainableSet, number])[] = [
  [{ kind: 'head' }, 3 * width + 3],
  [{ kind: 'full' }, 3 * width + 3 + (vocabulary + 2 + width + 1) * width],
  [{ kind: 'lora', rank: 2, alpha: 4, targets: ['mlp'] }, 3 * width + 3 + 4 * width],
]

describe('an encoder of BERT’s form', () => {
  it('is recognised by its outputs, and takes its types', () => {
    const pooled = importDecoder(bertLike(['last_hidden_state', 'pooler_output']))
    expect(pooled.states).toEqual({ output: 'pooler_output', width, perToken: false })
    const { states, inputs, vocabulary: known } = importDecoder(bertLike(['last_hidden_state']))
    expect(states).toEqual({ output: 'last_hidden_state', width, perToken: true })
    expect(inputs).toMatchObject({ attention: 'attention_mask', types: 'token_type_ids' })
    expect(known).toBe(vocabulary)
  })

  it.each(sets)('trains %o with a classifier on top', async (trainables, dim) => {
    const options = { trainables, seed: 5, candidates: [0, 1, 2] }
    const graph = trainDecoder(importDecoder(bertLike(['last_hidden_state'])), options)
    expect(graph.dim).toBe(dim)
    expect(graph.trainables.slice(-2).map(({ name }) => name)).toEqual([
      'classifier.weight',
      'classifier.bias',
    ])
    const params = graph.initialParams()
    const together = await logitsOf(graph, params)
    expect(together).toHaveLength(6)
    // A row's logits depend on it alone, whatever it is filled up with.
    const apart = await logitsOf(graph, params, [texts[0]!])
    apart.forEach((value, j) => expect(together[j]).toBeCloseTo(value, 5))
  })

  it('gives the mean of its states, at a root mean square of 1, to the classifier', async () => {
    const bytes = bertLike(['last_hidden_state'])
    const graph = trainDecoder(importDecoder(bytes), {
      trainables: { kind: 'head' },
      seed: 5,
      candidates: [0, 1],
    })
    const params = graph.initialParams()
    const found = await logitsOf(graph, params)
    const runner = await openGraphRunner(bytes)
    const { ids, mask, length } = feedsOf(texts)
    const types = { data: new BigInt64Array(ids.data.length), shape: ids.shape }
    const { last_hidden_state: states } = await runner.run(
      { input_ids: ids, token_type_ids: types, attention_mask: mask },
      { last_hidden_state: undefined },
    )
    await runner.release()
    texts.forEach((text, row) => {
      const mean = Array.from({ length: width }, (_, j) =>
        text.reduce((sum, _, c) => sum + states![(row * length + c) * width + j]! / text.length, 0),
      )
      const size = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0) / width)
      for (let c = 0; c < 2; c++) {
        const logit = mean.reduce((sum, it, j) => sum + (it / size) * params[2 * j + c]!, 0)
        expect(found[2 * row + c]).toBeCloseTo(logit, 5)
      }
    })
  })

  it('is exported with its classifier, whose logits are those of the run', async () => {
    const bytes = bertLike(['pooler_output'])
    const options = { trainables: { kind: 'full' } as const, seed: 5, candidates: [0, 1] }
    const graph = trainDecoder(importDecoder(bytes), options)
    const params = graph.initialParams().map((value, j) => value + Math.sin(j))
    const file = exportDecoder(importDecoder(bytes), graph.trainables, params, 1)
    const runner = await openGraphRunner(file)
    const { ids, mask } = feedsOf(texts)
    const types = { data: new BigInt64Array(ids.data.length), shape: ids.shape }
    const { logits } = await runner.run(
      { input_ids: ids, token_type_ids: types, attention_mask: mask },
      { logits: undefined },
    )
    await runner.release()
    const found = await logitsOf(graph, params)
    found.forEach((value, j) => expect(logits![j]).toBeCloseTo(value, 5))
  })
})

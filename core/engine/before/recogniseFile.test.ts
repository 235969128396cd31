import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { memoryHost } from '../../testing/memoryFiles.ts'
import { DataType, valueInfo } from '../../onnx/index.ts'
import { modelFile } from '../../testing/models/index.ts'
import { smallModel } from '../../testing/smallModel.ts'
import { recogniseFile, type RecognisedFile } from './recogniseFile.ts'

const decoder = readFileSync('resources/models/opt-mail/model.onnx')
const integers = smallModel(({ graph }) => {
  graph!.input[0] = valueInfo('x', DataType.INT64, ['n', 6])
})
const numbers = `a,b,label\n${'1,2,0\n3,4,1\n'.repeat(20)}`
const texts = `text,label\n${'so it goes,0\nand on it goes,1\n'.repeat(20)}`

const files: readonly (readonly [path: string, kind: RecognisedFile['kind']])[] = [
  ['a.yaml', 'config'],
  ['broken.yaml', 'config'],
  ['lesson.yml', 'lesson'],
  ['template.json', 'template'],
  ['rows.json', 'texts'],
  ['numbers.json', 'dataset'],
  ['printed.json', 'dataset'],
  ['columns.json', 'dataset'],
  ['config.json', 'config'],
  ['broken.json', 'config'],
  ['tokenizer.json', 'tokenizer'],
  ['shared.hiso', 'runFile'],
  ['classical.onnx', 'model'],
  ['broken.onnx', 'model'],
  ['integers.onnx', 'model'],
  ['graph.onnx', 'decoder'],
  ['numbers.csv', 'dataset'],
  ['texts.csv', 'texts'],
  ['numbers.tsv', 'dataset'],
  ['texts.jsonl', 'texts'],
  ['empty.csv', 'dataset'],
  ['numbers.measured', 'dataset'],
  ['picture.gif', 'other'],
  ['run', 'runFolder'],
  ['run/run.json', 'other'],
  ['decoder', 'decoder'],
  ['exported', 'decoder'],
  ['idx', 'dataset'],
  ['gone', 'other'],
]

const host = memoryHost({
  'a.yaml': 'name: a\ntask: { kind: quadratic }',
  'broken.yaml': 'name: [',
  'lesson.yml': 'title: A\npages: []',
  'template.json': '{ "prompt": "{text}" }',
  'rows.json': '[{ "text": "a" }]',
  'numbers.json': Array.from({ length: 20 }, (_, i) => `{"a":${i},"label":${i % 2}}\n`).join(''),
  'printed.json': '{\n  "a": 1\n}\n{\n  "a": 2\n}\n',
  'columns.json': '{\n  "a": [1, 2],\n  "label": [0, 1]\n}',
  'config.json': '{ "name": "a", "task": { "kind": "quadratic" } }',
  'broken.json': '{ "name": "a", ',
  'tokenizer.json': '{}',
  'shared.hiso': '',
  'classical.onnx': modelFile('classical.onnx'),
  'broken.onnx': 'no graph',
  'integers.onnx': integers,
  'graph.onnx': decoder,
  'numbers.csv': numbers,
  'texts.csv': texts,
  'numbers.tsv': numbers.replaceAll(',', '\t'),
  'texts.jsonl': '{"text":"a b c","label":1}\n',
  'empty.csv': '',
  'numbers.measured': numbers,
  'picture.gif': 'GIF89a\u0000\u0001',
  'run/run.json': '{ "format": 1 }',
  'decoder/model.onnx': decoder,
  'decoder/tokenizer.json': '{}',
  'exported/config.json': '{}',
  'exported/onnx/model_q4.onnx': decoder,
  'idx/train-images-idx3-ubyte': '',
})

it.each(files)('%s is a %s', async (path, kind) => {
  expect(await recogniseFile(path, host)).toMatchObject({ kind })
})

it('brings the text of what is a page, and the reason for what is nothing', async () => {
  expect(await recogniseFile('broken.yaml', host)).toEqual({ kind: 'config', text: 'name: [' })
  expect(await recogniseFile('gone', host)).toEqual({
    kind: 'other',
    reason: 'it is not there any more',
  })
})

it('a page of a megabyte is no configuration', async () => {
  const large = memoryHost({ 'large.yaml': `name: ${'a'.repeat(2 ** 20)}` })
  expect(await recogniseFile('large.yaml', large)).toMatchObject({ kind: 'other' })
})

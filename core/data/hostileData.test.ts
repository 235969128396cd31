/** Small files that unpack or grow to more than anybody has memory for. */
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { memoryFiles } from '../testing/memoryFiles.ts'
import { createTokenizer } from './text/tokenizer.ts'
import { readUnpacked, unpackedPieces } from './unpack.ts'

const bomb = gzipSync(new Uint8Array(80 * 2 ** 20), { level: 1 })
const refusal = { code: 'DATA_INVALID', message: expect.stringContaining('gunzip') as string }

it('an archive that unpacks to far more than tables do is refused, with a way to read it', async () => {
  const files = memoryFiles({ 'bomb.csv.gz': bomb })
  await expect(readUnpacked('bomb.csv.gz', files)).rejects.toMatchObject(refusal)
  await expect(async () => {
    for await (const piece of unpackedPieces('bomb.csv.gz', files)) expect(piece).toBeDefined()
  }).rejects.toMatchObject(refusal)
})

it('unpacked, as the message says, it is read', async () => {
  const unpacked = new Uint8Array(80 * 2 ** 20)
  const files = memoryFiles({ 'bomb.csv': unpacked })
  expect((await readUnpacked('bomb.csv', files)).length).toBe(unpacked.length)
})

const tokenizer = (content: unknown) =>
  createTokenizer(new TextEncoder().encode(JSON.stringify(content)), undefined, 'tokenizer.json')

it.each([
  ['an id of a billion', { model: { type: 'BPE', vocab: { a: 0, b: 1e9 }, merges: [] } }],
  ['an id below zero', { model: { type: 'BPE', vocab: { a: -1 }, merges: [] } }],
  ['an id that is none', { model: { type: 'BPE', vocab: { a: 'x' }, merges: [] } }],
  [
    'an added token with an id of a billion',
    {
      model: { type: 'BPE', vocab: { a: 0 }, merges: [] },
      added_tokens: [{ content: 'b', id: 1e9 }],
    },
  ],
  ['a list for a tokenizer', []],
  ['nothing for a tokenizer', null],
])('%s is refused by name', (_, content) => {
  expect(() => tokenizer(content)).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID', where: 'tokenizer.json' }),
  )
})

/** Small files that unpack or grow to more than anybody has memory for. */
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { memoryFiles } from '../testing/memoryFiles.ts'
import { canExplode } from './text/patterns.ts'
import { readTable } from './text/readTable.ts'
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

it('a tokenizer that is nested too deeply is refused by name', () => {
  const deep = `${'{"type":"Sequence","normalizers":['.repeat(50_000)}${']}'.repeat(50_000)}`
  const text = `{"model":{"type":"WordLevel","vocab":{"a":0}},"normalizer":${deep}}`
  const read = () => createTokenizer(new TextEncoder().encode(text), undefined, 'tokenizer.json')
  expect(read).toThrow(expect.objectContaining({ code: 'MODEL_INVALID', where: 'tokenizer.json' }))
})

const withPattern = (Regex: string) => ({
  model: { type: 'BPE', vocab: { a: 0 }, merges: [] },
  pre_tokenizer: { type: 'Split', pattern: { Regex }, behavior: 'Isolated', invert: false },
})

it.each(['(a+)+$', '(?:a|a)*b', '((a{2,})?b*)+', '(\\w|\\d)*!', '(?i:(x*))*', '(.|a)*b'])(
  'a tokenizer whose pattern %s could take for ever is refused by name',
  (pattern) => {
    expect(() => tokenizer(withPattern(pattern))).toThrow(/repeats what repeats/)
  },
)

it.each([
  "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+",
  "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+",
  ' ?[^(\\s|[.,!?…。，、।۔،])]+',
  '\\d{1,3}(?=(?:\\d{3})*\\b)',
  '(?:\\r\\n|\\n)+',
])('the pattern %s of real tokenizers is read', (pattern) => {
  expect(canExplode(pattern)).toBe(false)
})

it.each(['utf-16le', 'utf-16be'] as const)(
  'JSON Lines and CSV in %s are read',
  async (encoding) => {
    const inUtf16 = (text: string) => {
      const bytes = new Uint8Array(2 * text.length + 2)
      const view = new DataView(bytes.buffer)
      ;[0xfeff, ...Array.from(text, (letter) => letter.charCodeAt(0))].forEach((unit, at) =>
        view.setUint16(2 * at, unit, encoding === 'utf-16le'),
      )
      return bytes
    }
    const files = memoryFiles({
      'a.jsonl': inUtf16('{"text":"grün","label":1}\n{"text":"blau","label":0}\n'),
      'a.csv': inUtf16('text,label\ngrün,1\nblau,0\n'),
      'bare.jsonl': inUtf16('{"text":"a long enough text","label":1}\n').slice(2),
    })
    for (const name of ['a.jsonl', 'a.csv'])
      expect((await readTable(name, files, 10)).column('text')).toEqual(['grün', 'blau'])
    await expect(readTable('bare.jsonl', files, 10)).rejects.toThrow(/UTF-16 without the mark/)
  },
)

it.each([[true], [false]])(
  'text in UTF-32 is refused by name, little-endian: %s',
  async (little) => {
    const text = '\ufefftext,label\na,1\n'
    const bytes = new Uint8Array(4 * text.length)
    const view = new DataView(bytes.buffer)
    Array.from(text, (letter, at) => view.setUint32(4 * at, letter.charCodeAt(0), little))
    const files = memoryFiles({ 'a.csv': bytes })
    await expect(readTable('a.csv', files, 10)).rejects.toThrow(/UTF-32. Save it again in UTF-8/)
  },
)

it.each([
  ['an id of no token', 7],
  ['what is no id', {}],
  ['nothing', undefined],
])('a tokenizer that gives unknown text %s is refused', (_, unk_id) => {
  const content = {
    model: {
      type: 'Unigram',
      unk_id,
      vocab: [
        ['a', -1],
        ['b', -2],
      ],
    },
  }
  expect(() => tokenizer(content).encode('xyz')).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID' }),
  )
})

it('a tokenizer whose parts are of another form is refused when they are used', () => {
  const content = {
    model: { type: 'BPE', vocab: { a: 0 }, merges: [] },
    post_processor: { type: 'TemplateProcessing', single: 5, pair: 5 },
  }
  expect(() => tokenizer(content).encode('a')).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID' }),
  )
})

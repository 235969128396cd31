import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryFiles } from '../../testing/memoryFiles.ts'
import { readTable } from './readTable.ts'

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../testing/texts/${name}`, import.meta.url)))

const read = (content: string | Uint8Array, atMost?: number) =>
  readTable('in.dat', memoryFiles({ 'in.dat': content }), atMost)

const rowsOf = async (content: string | Uint8Array, ...columns: string[]) => {
  const table = await read(content)
  return columns.map((name) => table.column(name))
}

describe('examples are read', () => {
  it('from JSON Lines, with objects and lists inside as columns of their own', async () => {
    const lines = '{"q":"who?","answers":{"text":["a","b"]}}\n\n{"q":"where?","n":3,"ok":true}\n'
    const table = await read(lines)
    expect(table.columns).toEqual(['q', 'answers.text.0', 'answers.text.1', 'n', 'ok'])
    expect(table.column('answers.text.1')).toEqual(['b', ''])
    expect(table.column('n')).toEqual(['', '3'])
  })

  it('from JSON Lines, whatever texts they hold', async () => {
    const rows = fc.array(fc.record({ text: fc.string({ unit: 'grapheme' }) }), { minLength: 1 })
    await fc.assert(
      fc.asyncProperty(rows, async (examples) => {
        const lines = examples.map((row) => JSON.stringify(row)).join('\n')
        expect((await read(lines)).column('text')).toEqual(examples.map(({ text }) => text))
      }),
    )
  })

  it.each([
    ['commas', 'text,label\n"one, two",1\nthree,0\n'],
    ['tabs', 'text\tlabel\none, two\t1\nthree\t0\n'],
    ['semicolons and CR LF', 'text;label\r\none, two;1\r\nthree;0\r\n'],
  ])('from tables with %s', async (_, content) => {
    expect(await rowsOf(content, 'text', 'label')).toEqual([
      ['one, two', 'three'],
      ['1', '0'],
    ])
  })

  it('from Parquet that another program wrote', async () => {
    expect(await rowsOf(bytesOf('reviews.parquet'), 'sentence', 'label')).toEqual([
      ['a gorgeous film', 'dull and "long"', 'füll of life, really'],
      ['1', '0', '1'],
    ])
  })

  it('from gzip', async () => {
    const packed = new Uint8Array(gzipSync('{"text":"x"}'))
    expect(await rowsOf(packed, 'text')).toEqual([['x']])
  })

  it('only as far as a preview needs', async () => {
    const table = await read('{"a":1}\n{"a":2}\nnot read', 2)
    expect([table.count, table.column('a')]).toEqual([2, ['1', '2']])
  })
})

describe('what cannot be read is told with its place', () => {
  it.each([
    ['a cut line', '{"a":1}\n{"a":', /in\.dat: line 2 is not JSON/],
    ['a list', '[{"a":1}]', /one JSON list.*JSON Lines/],
    ['a cell too many', 'a,b\n1,2\n1,2,3\n', /row 3 has 3 cells/],
    ['columns of one name', 'a,a\n1,2\n', /two columns are named "a"/],
    ['one column', 'text\nx\n', /single column/],
    ['a cut Parquet file', bytesOf('reviews.parquet').slice(0, 200), /can't be read as Parquet/],
  ])('%s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message)
  })

  it('nested Parquet columns are refused by name, the others are there', async () => {
    const table = await read(bytesOf('nested.parquet'))
    expect(table.column('question')).toEqual(['who?', 'where?'])
    expect(() => table.column('answers')).toThrow(/column "answers" is nested.*text, start/)
  })

  it('a missing column names those that there are', async () => {
    const table = await read('{"sentence":"x","label":1}')
    expect(() => table.column('sentense')).toThrow(/Did you mean sentence\?/)
  })
})

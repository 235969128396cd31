import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Files } from '../../base/index.ts'
import { memoryFiles } from '../../testing/memoryFiles.ts'
import { readBatches, readTable } from './readTable.ts'
import type { TextTable } from './table.ts'

const bytesOf = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../../testing/texts/${name}`, import.meta.url)))

const bytesIn = (text: string) => new TextEncoder().encode(text)

const read = (content: string | Uint8Array, atMost = Infinity) =>
  readTable('in.dat', memoryFiles({ 'in.dat': content }), atMost)

/**
 * All columns, read in pieces of these lengths (the last one again and again), as tables of `batch`
 * rows.
 */
async function readCut(content: Uint8Array, lengths: readonly number[], batch: number) {
  const files: Files = {
    ...memoryFiles({ 'in.dat': content }),
    async *pieces() {
      for (let from = 0, at = 0; from < content.length; at++) {
        const to = from + lengths[Math.min(at, lengths.length - 1)]!
        yield content.subarray(from, to)
        from = to
      }
    },
  }
  const columns: Record<string, string[]> = {}
  let rows = 0
  for await (const table of readBatches('in.dat', files, batch)) {
    expect(table.firstRow).toBe(rows)
    for (const name of table.columns)
      (columns[name] ??= Array.from({ length: rows }, () => '')).push(...table.column(name))
    rows += table.count
  }
  return columns
}

const columnsOf = (table: TextTable) =>
  Object.fromEntries(table.columns.map((name) => [name, [...table.column(name)]]))

const cuts = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 12 })
const batches = fc.integer({ min: 1, max: 4 })

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

  it('from JSON Lines, the same rows wherever pieces and tables end', async () => {
    const rows = fc.array(
      fc.record(
        { text: fc.string({ unit: 'binary' }), n: fc.integer(), ünïcode: fc.string() },
        { requiredKeys: ['n'] },
      ),
      { minLength: 1, maxLength: 6 },
    )
    const ends = fc.constantFrom('\n', '\r\n', '\n\n')
    await fc.assert(
      fc.asyncProperty(rows, ends, cuts, batches, async (examples, end, lengths, batch) => {
        const lines = examples.map((row) => JSON.stringify(row)).join(end)
        const bytes = new TextEncoder().encode(lines)
        expect(await readCut(bytes, lengths, batch)).toEqual(columnsOf(await read(bytes)))
      }),
      { numRuns: 40 },
    )
  })

  it('from CSV, the same rows wherever pieces and tables end', async () => {
    const cell = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('"', 'a\nb', 'é,"\n'))
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
    // Rows without any text are blank, as spreadsheets leave them below a table.
    const filled = fc.tuple(cell, cell).filter((row) => row.some((it) => it.trim() !== ''))
    const rows = fc.array(filled, { minLength: 1, maxLength: 6 })
    const ends = fc.constantFrom('\n', '\r\n', '\r')
    await fc.assert(
      fc.asyncProperty(rows, ends, cuts, batches, async (examples, end, lengths, batch) => {
        const lines = [['text', 'label'], ...examples].map((row) => row.map(quoted).join(','))
        const bytes = new TextEncoder().encode(lines.join(end))
        const columns = await readCut(bytes, lengths, batch)
        expect(columns).toEqual(columnsOf(await read(bytes)))
        const texts = examples.map(([text]) => text.replaceAll(/\r\n?/g, '\n'))
        expect(columns.text).toEqual(texts)
      }),
    )
  })

  it('from CSV that is longer than what the delimiter is told from', async () => {
    const texts = Array.from({ length: 9000 }, (_, i) => `${'né "quoted"\n, '.repeat(i % 21)}${i}`)
    const lines = texts.map((text, i) => `"${text.replaceAll('"', '""')}",${i % 2}`)
    const bytes = new TextEncoder().encode(`text,label\n${lines.join('\n')}\n`)
    expect(bytes.length).toBeGreaterThan(2 ** 20)
    for (const length of [4093, 65_536, bytes.length]) {
      const { text, label } = await readCut(bytes, [length], 1000)
      expect(text).toEqual(texts)
      expect(label).toEqual(texts.map((_, i) => `${i % 2}`))
    }
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

  it('from Parquet, the same rows wherever row groups and tables end, packed or not', async () => {
    const bytes = bytesOf('groups.parquet')
    const all = { text: ['a', 'b', 'c', 'd', 'e'], label: ['0', '1', '0', '1', '0'] }
    for (const content of [bytes, new Uint8Array(gzipSync(bytes))])
      for (const batch of [1, 2, 3, 4, 5, 6, Infinity])
        expect(await readCut(content, [content.length], batch)).toEqual(all)
    expect((await read(bytes, 3)).count).toBe(2)
  })

  it('from Parquet that another program wrote', async () => {
    expect(await rowsOf(bytesOf('reviews.parquet'), 'sentence', 'label')).toEqual([
      ['a gorgeous film', 'dull and "long"', 'füll of life, really'],
      ['1', '0', '1'],
    ])
  })

  it('from Parquet with records and lists inside, as from JSON Lines', async () => {
    const rows = [
      { question: 'who?', answers: { text: ['Ann'], answer_start: [3] } },
      { question: 'where?', answers: { text: ['here', 'there'], answer_start: [1, 9] } },
      { question: 'why?', answers: { text: [], answer_start: [] } },
    ]
    const lines = rows.map((row) => JSON.stringify(row)).join('\n')
    const columns = columnsOf(await read(lines))
    expect(columns['answers.text.1']).toEqual(['', 'there', ''])
    const bytes = bytesOf('answers.parquet')
    for (const batch of [1, 2, Infinity])
      expect(await readCut(bytes, [bytes.length], batch)).toEqual(columns)
  })

  it('from CSV with row numbers, a delimiter too many, or blank rows', async () => {
    const numbered = await read(',text,label\n0,a,x\n1,b,y\n')
    expect(numbered.columns).toEqual(['column 1', 'text', 'label'])
    expect(numbered.notices).toEqual([expect.stringContaining('no name')])
    expect((await read('text,label\n1,a,x\n2,b,y\n')).column('text')).toEqual(['a', 'b'])
    expect((await read('text,label\na,x,\nb,y,\n,,\n')).column('label')).toEqual(['x', 'y'])
  })

  it('from JSON Lines as Python writes them, NaN and long numbers too', async () => {
    const table = await read(
      '{"a":NaN,"b":12345678901234567890,"c":"NaN 12345678901234567890","d":0.1234567890123456789}\n{"a":1,"b":-Infinity,"c":"","d":NaN}\n',
    )
    expect(columnsOf(table)).toEqual({
      a: ['', '1'],
      b: ['12345678901234567890', '-Infinity'],
      c: ['NaN 12345678901234567890', ''],
      d: ['0.12345678901234568', ''],
    })
    expect(table.notices).toEqual([expect.stringContaining('NaN')])
  })

  it('from a file that begins with the line sep=; of Excel', async () => {
    expect(await rowsOf(bytesIn('sep=;\r\na,b;text\r\n1,2;x, y\r\n'), 'text')).toEqual([['x, y']])
    await expect(read('sep=;\na;b\n1;2\n1;2;3\n')).rejects.toThrow(/row 4 has 3 cells/)
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
    ['objects over several lines', '{\n  "a": 1\n}\n', /line 1 begins an object that goes on/],
    ['a cut line', '{"a":1}\n{"a":', /in\.dat: line 2 is not JSON/],
    [
      'a bad byte',
      Uint8Array.of(...bytesIn('{"a":1}\n\n{"a":"'), 0xff, 0x22),
      /line 3 is not text/,
    ],
    ['a key twice', '{"a":1}\n{"a":1,"a":2}', /line 2 is not JSON: the key "a" stands twice/],
    ['a list', '[{"a":1}]', /one JSON list.*JSON Lines/],
    ['a cell too many', 'a,b\n1,2\n1,2,3\n', /row 3 has 3 cells/],
    ['columns of one name', 'a,a\n1,2\n', /two columns are named "a"/],
    ['one column', 'text\nx\n', /single column/],
    ['a cut Parquet file', bytesOf('reviews.parquet').slice(0, 200), /can't be read as Parquet/],
  ])('%s', async (_, content, message) => {
    await expect(read(content)).rejects.toThrow(message)
  })

  it('the line of a mistake is the same wherever pieces end', async () => {
    const bytes = bytesIn('{"a":"é"}\n\n{"a":2}\n{"a":oh}\n{"a":3}')
    await fc.assert(
      fc.asyncProperty(cuts, batches, async (lengths, batch) => {
        await expect(readCut(bytes, lengths, batch)).rejects.toThrow(/in\.dat: line 4 is not JSON/)
      }),
    )
  })

  it('a quotation mark that is never closed, by its row', async () => {
    const text = `a,b\n1,2\n"${'x'.repeat(2 ** 21)},2\n`
    await expect(read(text)).rejects.toThrow(/row 3 can't be read.*unterminated/)
  })

  it('JSON in JSON in JSON, by its line', async () => {
    const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`
    await expect(read(`{"a":1}\n${deep}\n`)).rejects.toThrow(/line 2 is nested too deeply/)
  })

  it('a column that one row gives two values, by its line', async () => {
    const twice = read('{"a":{"b":1}}\n{"a.b":1,"a":{"b":2}}\n')
    await expect(twice).rejects.toThrow(/line 2 gives the column "a.b" two values/)
  })

  it('a missing column names those that there are', async () => {
    const table = await read('{"sentence":"x","label":1}')
    expect(() => table.column('sentense')).toThrow(/Did you mean sentence\?/)
  })

  it('a column that begins further down, by the rows that were looked at', async () => {
    const file = memoryFiles({ 'in.dat': '{"a":1}\n{"a":2}\n{"a":3,"label":1}\n' })
    const tables = readBatches('in.dat', file, 2)
    const { value: first } = (await tables.next()) as { value: TextTable }
    expect(() => first.column('label')).toThrow(
      /no column "label" in the first 2 rows.*give it to every row/,
    )
    const { value: last } = (await tables.next()) as { value: TextTable }
    expect(last.column('label')).toEqual(['1'])
    expect(() => last.column('other')).toThrow(/no column "other"\. It has a, label/)
  })

  it('the field of a nested column that stands for the whole of it', async () => {
    const table = await read(bytesOf('nested.parquet'))
    expect(() => table.column('answers')).toThrow(/Did you mean answers\.text\?/)
  })
})

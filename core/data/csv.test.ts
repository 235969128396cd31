import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseCsv } from './csv.ts'

const parse = (text: string, labelColumn?: string) =>
  parseCsv(new TextEncoder().encode(text), 'data.csv', labelColumn)

const iris = `sepal length,sepal width,species
5.1,3.5,setosa
7.0,3.2,versicolor
6.3,3.3,virginica
5.0,3.6,setosa
`

describe('a CSV file', () => {
  it('with a header has named columns and classes in code unit order', () => {
    const table = parse(iris)
    expect(table).toMatchObject({
      delimiter: ',',
      header: true,
      labelColumn: 'species',
      columns: ['sepal length', 'sepal width'],
      count: 4,
      classes: ['setosa', 'versicolor', 'virginica'],
    })
    expect([...table.values]).toEqual([5.1, 3.5, 7, 3.2, 6.3, 3.3, 5, 3.6])
    expect([...table.labels]).toEqual([0, 1, 2, 0])
  })

  it('without a header has numbered columns', () => {
    const table = parse(iris.split('\n').slice(1).join('\n'))
    expect(table).toMatchObject({
      header: false,
      labelColumn: 'column 3',
      columns: ['column 1', 'column 2'],
      count: 4,
    })
  })

  it('may have a header of more than a million letters', () => {
    const wide = Array.from({ length: 70_000 }, (_, at) => `transcript ${at}`)
    const row = wide.map(() => 1).join(',')
    const { columns, labelColumn } = parse(`${wide.join(',')},kind\n${row},a\n${row},b\n`)
    expect(columns).toHaveLength(70_000)
    expect(labelColumn).toBe('kind')
  })

  it.each([',', ';', '\t', '|', ' '])('may be delimited by %j', (delimiter) => {
    const text = 'a,b,class\n1,2,x\n3,4,y\n'.replaceAll(',', delimiter)
    expect(parse(text)).toMatchObject({ delimiter, header: true, columns: ['a', 'b'], count: 2 })
  })

  it('may have a mark, CRLF or lone CR line ends, blank lines, blanks around cells and no last line end', () => {
    const plain = parse(iris)
    expect(parse(`\ufeff${iris.replaceAll('\n', '\r\n')}`)).toEqual(plain)
    expect(parse(iris.replaceAll('\n', '\r'))).toEqual(plain)
    expect(
      parse(`\n${iris.replaceAll('\n', '\n\n  \n').replaceAll(',', ' , ')}`.trimEnd()),
    ).toEqual(plain)
  })

  it('may be in UTF-16 with its mark, as spreadsheets export it', () => {
    const bytes = new Uint8Array(Uint16Array.from(`\ufeff${iris}`, (_, i) => 0 * i).buffer)
    const units = new Uint16Array(bytes.buffer)
    for (let i = 0; i < units.length; i++) units[i] = `\ufeff${iris}`.charCodeAt(i)
    expect(parseCsv(bytes, 'data.csv', undefined)).toEqual(parse(iris))
  })

  it('may quote its fields, line ends and delimiters included', () => {
    const table = parse('"a, first","b","label"\r\n"1","2","one\ntwo"\r\n"3","4","say ""x"""\r\n')
    expect(table.columns).toEqual(['a, first', 'b'])
    expect(table.classes).toEqual(['one\ntwo', 'say "x"'])
    expect([...table.values]).toEqual([1, 2, 3, 4])
  })

  it('reads signs, fractions and scientific notation', () => {
    expect([...parse('-1,+2.5e3,.5,x\n1E-3,7.,-0,y\n').values]).toEqual([
      -1, 2500, 0.5, 0.001, 7, -0,
    ])
  })

  it('sorts numeric classes by value and merges spellings of one number', () => {
    const table = parse('a,y\n1,10\n2,9\n3,10.0\n4,-1\n')
    expect(table.classes).toEqual(['-1', '9', '10'])
    expect([...table.labels]).toEqual([2, 1, 2, 0])
  })

  it('finds the label by name, by name in another case, by number and by default', () => {
    const text = 'colour,Label,size\n1,2,3\n4,5,6\n'
    expect(parse(text).labelColumn).toBe('Label')
    expect(parse(text, 'size').labelColumn).toBe('size')
    expect(parse(text, 'SIZE').labelColumn).toBe('size')
    expect(parse(text, '1').labelColumn).toBe('colour')
    expect(parse('1,2,3\n4,5,6\n', '2').labelColumn).toBe('column 2')
    expect(parse('a,b\n1,2\n3,4\n').labelColumn).toBe('b')
  })

  it('recognises a header of numbers by its label column', () => {
    expect(parse('label,0,1\n7,1,2\n8,3,4\n')).toMatchObject({ header: true, columns: ['0', '1'] })
    expect(parse('0,1,kind\n1,2,a\n3,4,b\n', 'kind')).toMatchObject({ header: true, count: 2 })
  })

  it('does not take a first row with the class y for a header', () => {
    expect(parse('1.5,2,y\n2,3,n\n4,5,y\n')).toMatchObject({ header: false, count: 3 })
  })

  it.each([';', ',', '\t', '|', '^'])('may begin with the line sep=%s of Excel', (mark) => {
    const table = iris.replaceAll(',', mark)
    for (const hint of [`sep=${mark}`, `"sep=${mark}"`, `SEP=${mark}`])
      expect(parse(`\ufeff${hint}\r\n${table}`)).toEqual({ ...parse(iris), delimiter: mark })
    expect(() => parse(`sep=${mark}\n${table}1${mark}2\n`)).toThrow('row 7 has 2 cells')
  })

  it('believes the hint where the rows could be divided otherwise', () => {
    const { columns, values } = parse('sep=;\na,b;c,d;label\n1,5;2,5;x\n3,5;4,5;y\n')
    expect([columns, [...values]]).toEqual([
      ['a,b', 'c,d'],
      [1.5, 2.5, 3.5, 4.5],
    ])
    expect(() => parse('sep=;\na,b\n1,2\n')).toThrow('single column (no ";" separates')
  })

  it('round-trips any table of numbers', () => {
    const cell = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0)
    const rows = fc.integer({ min: 1, max: 5 }).chain((width) =>
      fc.array(fc.array(cell, { minLength: width, maxLength: width }), {
        minLength: 2,
        maxLength: 9,
      }),
    )
    fc.assert(
      fc.property(
        rows,
        fc.constantFrom(',', ';', '\t'),
        fc.boolean(),
        (table, delimiter, header) => {
          const lines = table.map((row, index) => [...row, `class${index % 2}`].join(delimiter))
          if (header)
            lines.unshift([...table[0]!.map((_, index) => `c${index}`), 'label'].join(delimiter))
          const parsed = parse(lines.join('\n'))
          expect(parsed.header).toBe(header)
          expect([...parsed.values]).toEqual(table.flat())
        },
      ),
    )
  })

  it.each([
    [
      'text among numbers',
      iris.replace('3.3', 'abc'),
      'data.csv: row 4, column "sepal width" holds "abc", which is not a number',
    ],
    [
      'text after blank and quoted lines',
      'a,b,label\n\n1,2,"x\ny"\n3,oops,z\n',
      'row 5, column "b" holds "oops"',
    ],
    ['an empty cell', iris.replace('3.3', ''), 'row 4, column "sepal width" is empty'],
    [
      'a missing mark',
      iris.replace('3.3', 'NaN'),
      'row 4, column "sepal width" holds "NaN", a missing value',
    ],
    ['a missing label', iris.replace('virginica', ''), 'row 4, column "species" has no label'],
    ['a hexadecimal number', iris.replace('3.3', '0x1f'), 'holds "0x1f", which is not a number'],
    ['a number beyond float64', iris.replace('3.3', '1e999'), 'holds 1e999, which is too large'],
    [
      'a short row',
      iris.replace(',virginica', ''),
      'row 4 has 2 cells, but the table has 3 columns',
    ],
    ['a long row', iris.replace('virginica', 'virginica,1'), 'row 4 has 4 cells'],
    [
      'an unclosed quote',
      iris.replace('virginica', '"virginica'),
      "row 4 can't be read: Quoted field unterminated",
    ],
    ['nothing', '\n \n', 'data.csv: is empty'],
    ['a header alone', 'a,b,label\n', 'has a header but no rows'],
    ['one column', 'a\n1\n2\n', 'has a single column'],
    ['comment', '# made by R\n# 2024\na,b,kind\n1,2,x\n', 'begins with 2 lines of comment'],
    ['one class', 'a,label\n1,x\n2,x\n', 'the label column "label" holds only one class, "x"'],
    [
      'a label that is a measurement',
      `a,y\n${Array.from({ length: 12 }, (_, i) => `${i},${i / 7}`).join('\n')}`,
      'holds 12 different values in 12 rows, so they are not classes. Choose the column',
    ],
  ])('with %s is refused', (_, text, message) => {
    expect(() => parse(text)).toThrow(message)
    expect(() => parse(text)).toThrow(
      expect.objectContaining({ code: 'DATA_INVALID', where: 'data.csv' }),
    )
  })

  it.each([
    ['speces', 'no column named "speces". Did you mean species?'],
    ['banana', 'no column named "banana". Its columns are sepal length, sepal width, species'],
    ['4', 'has 3 columns, so there is no column 4. Give a number from 1 to 3, or a name'],
    ['0', 'there is no column 0'],
  ])('has no label column %s', (labelColumn, message) => {
    expect(() => parse(iris, labelColumn)).toThrow(message)
    expect(() => parse(iris, labelColumn)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', where: 'task.labelColumn' }),
    )
  })

  it('says what to do where the label column is not clear', () => {
    expect(() => parse('1,2\n3,4\n', 'kind')).toThrow(
      'has no header, so there is no column named "kind"',
    )
    expect(() => parse('a,a,b\n1,2,3\n', 'a')).toThrow("Give the column's number: 1 or 2")
  })

  it('must be text', () => {
    const refuse = (bytes: number[]) => () => parseCsv(Uint8Array.from(bytes), 'x.csv', undefined)
    expect(refuse([0x50, 0x4b, 3, 4, 0, 0])).toThrow('is not a table: it holds binary data')
    expect(refuse([0x61, 0x2c, 0xfc, 0x0a])).toThrow('x.csv: is not text in UTF-8')
  })
})

it.each(['|', ';', '\t', ' ', ','])(
  'a file of a single %j is refused, not tripped over',
  (mark) => {
    expect(() => parse(mark)).toThrow(expect.objectContaining({ code: 'DATA_INVALID' }))
  },
)

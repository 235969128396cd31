import { describe, expect, it } from 'vitest'
import { memoryHost } from '../../testing/memoryFiles.ts'
import { parseCsv } from '../csv.ts'
import { openDataset, previewDataset } from '../openDataset.ts'

const parse = (text: string, labelColumn?: string) =>
  parseCsv(new TextEncoder().encode(text), 'data.csv', labelColumn)

/** A table of `count` rows. */
const rows = (count: number, row: (index: number) => string, header = '') =>
  `${header === '' ? '' : `${header}\n`}${Array.from({ length: count }, (_, i) => row(i)).join('\n')}\n`
const kind = (index: number) => ['oak', 'ash', 'elm'][index % 3]!

describe('numbers in a table', () => {
  it('may stand in quotation marks behind a blank', () => {
    const table = parse('a, b, label\n"1.5", "2" , "x"\n" 2.5", "3", "y ""z""\n')
    expect([...table.values]).toEqual([1.5, 2, 2.5, 3])
    expect(table.classes).toEqual(['x', 'y "z"'])
  })

  it('may have decimal commas where a column shows that it has', () => {
    const table = parse('a;b;label\n1,5;2;x\n-2,25;3;y\n1.234,5;4;y\n')
    expect([...table.values]).toEqual([1.5, 2, -2.25, 3, 1234.5, 4])
    expect(table.notices).toEqual([expect.stringContaining('decimal comma')])
  })

  it('may have separators of thousands where a column shows that it has', () => {
    const table = parse('a,b,c,label\n"1,234,567",1 234,"1,5",x\n"12,345",12 345,"2,5",y\n')
    expect([...table.values]).toEqual([1234567, 1234, 1.5, 12345, 12345, 2.5])
    expect([...parse('a,label\n"1,000",x\n"2,345.5",y\n').values]).toEqual([1000, 2345.5])
    expect([...parse("a,label\n1'000,x\n2'345.5,y\n").values]).toEqual([1000, 2345.5])
  })

  it('may lean on another column of the file', () => {
    expect([...parse('a,b,label\n"1,000",0.5,x\n"2,000",1.5,y\n').values]).toEqual([
      1000, 0.5, 2000, 1.5,
    ])
    expect([...parse('a;b;label\n1,000;0,5;x\n2,000;1,5;y\n').values]).toEqual([1, 0.5, 2, 1.5])
  })

  it.each([
    [
      'one or a thousand',
      'a,b,label\n"1,000",2,x\n"2,345",3,y\n',
      /"1,000".*1000.*thousands.*1.000/,
    ],
    ['a point in a file of commas', 'a;b;label\n1.234;0,5;x\n2.345;1,5;y\n', /"1.234".*thousands/],
    ['both notations', 'a,label\n"1,5",x\n1.5,y\n', /mixes two ways/],
    ['a per cent sign', 'a,label\n12%,x\n1.5,y\n', /a number with a sign/],
  ])('are refused, not guessed: %s', (_, text, message) => {
    expect(() => parse(text)).toThrow(message)
    expect(() => parse(text)).toThrow(/Write/)
  })

  it('may have a typographic minus', () => {
    expect([...parse('a,label\n\u22121.5,x\n2,y\n').values]).toEqual([-1.5, 2])
  })
})

describe('true and false in a table', () => {
  it('are 1 and 0, and that is said', () => {
    const table = parse('a,b,c,label\nTrue,1.5,false,x\nFALSE,2,true,y\n')
    expect([...table.values]).toEqual([1, 1.5, 0, 0, 2, 1])
    expect(table.notices).toEqual(['In columns "a", "c" true and false are read as 1 and 0.'])
  })

  it('are refused among numbers', () => {
    expect(() => parse('a,label\ntrue,x\n3,y\n')).toThrow(/"a" holds numbers in some rows/)
  })
})

describe('columns that are no features', () => {
  it.each([
    ['pandas', ',a,b,label', (i: number) => `${i},${i % 7},${i % 5},${kind(i)}`],
    [
      'pandas, read again',
      'Unnamed: 0,a,b,label',
      (i: number) => `${i},${i % 7},${i % 5},${kind(i)}`,
    ],
    ['R', '"","a","b","label"', (i: number) => `"${i + 1}",${i % 7},${i % 5},"${kind(i)}"`],
    [
      'R without a cell',
      '"a" "b" "label"',
      (i: number) => `"${i + 1}" ${i % 7} ${i % 5} "${kind(i)}"`,
    ],
    ['a shuffle', ',a,b,label', (i: number) => `${(i * 7) % 30},${i % 7},${i % 5},${kind(i)}`],
  ])('are left out, and said: row numbers of %s', (_, header, row) => {
    const table = parse(rows(30, row, header))
    expect(table.columns).toEqual(['a', 'b'])
    expect(table.values[2]).toBe(1)
    expect(table.notices).toEqual([expect.stringContaining('row numbers')])
  })

  it('are said where they have a name', () => {
    const table = parse(rows(30, (i) => `${i + 1},${i % 7},${kind(i)}`, 'Id,a,label'))
    expect(table.columns).toEqual(['Id', 'a'])
    expect(table.notices).toEqual([expect.stringContaining('"Id" counts the rows')])
  })

  it.each([
    ['from any start', (i: number) => 1000 + i, '"index" numbers the rows (1000, 1001'],
    ['in any order', (i: number) => (i * 7) % 30, '"index" numbers the rows (0, 7'],
  ])('are said where they have a name, %s', (_, number, notice) => {
    const table = parse(rows(30, (i) => `${number(i)},${i % 7},${kind(i)}`, 'index,a,label'))
    expect(table.notices).toEqual([expect.stringContaining(notice)])
  })

  it('are said where they tell the class in other words', () => {
    const table = parse(rows(30, (i) => `${i % 4},${7 + (i % 3)},${kind(i)}`, 'a,code,label'))
    expect(table.notices).toEqual([expect.stringContaining('"code" has a value of its own')])
  })

  it('are not suspected in years and counts that repeat', () => {
    const table = parse(rows(30, (i) => `${1990 + (i % 15)},${kind(i)}`, 'year,label'))
    expect(table.notices).toEqual([])
  })

  it.each([
    ['everywhere', 'a,b,label,', ','],
    ['in the rows', 'a,b,label', ','],
    ['in the header', 'a,b,label,', ''],
  ])('are left out: a delimiter at the end, %s', (_, header, end) => {
    const table = parse(rows(30, (i) => `${i % 7}.5,${i % 5},${kind(i)}${end}`, header))
    expect(table).toMatchObject({ columns: ['a', 'b'], labelColumn: 'label', count: 30 })
  })

  it('are left out without a header too, and are never the label', () => {
    const table = parse(rows(30, (i) => `${i % 7}.5,${i % 5},${kind(i)},`))
    expect(table).toMatchObject({ columns: ['column 1', 'column 2'], labelColumn: 'column 3' })
  })

  it('are named where every cell is empty, and rows of delimiters are blank', () => {
    expect(() => parse('a,b,label\n1,,x\n2,,y\n')).toThrow(/"b" is empty in every row/)
    expect(parse('a,b,label\n1,2,x\n2,3,y\n,,\n,,\n').count).toBe(2)
  })
})

describe('a header of numbers', () => {
  const plain = (i: number) => `${i % 7}.5,${i % 5},${i % 4},${i % 3}`
  it.each([
    ['counts the columns', rows(30, plain, '0,1,2,3'), ['0', '1', '2']],
    [
      'has an empty cell',
      rows(30, (i) => `${i % 7},${i % 5},${i % 4},${i % 3}`, ',7,8,9'),
      ['column 1', '7', '8'],
    ],
    [
      'names the classes',
      rows(30, (i) => `${i % 7},${i % 5},${kind(i)}`, '2019,2020,tree'),
      ['2019', '2020'],
    ],
  ])('is told where it %s', (_, text, columns) => {
    const table = parse(text)
    expect(table).toMatchObject({ header: true, columns, count: 30 })
    expect(table.notices.join()).toContain('names of the columns')
  })
})

describe('a first row of numbers', () => {
  it('above classes that are words names the columns', () => {
    const table = parse(
      rows(24, (i) => `${i % 7}.5,${i % 5},${['a', 'b'][i % 2]}`, '2019,2020,2021'),
    )
    expect(table).toMatchObject({ columns: ['2019', '2020'], labelColumn: '2021', count: 24 })
    expect(table.notices.join()).toContain('taken as the names')
  })

  it('above classes that are numbers is a sample, and that is said', () => {
    const text = rows(24, (i) => `${i % 7}.5,${i % 5},${i % 2}`, '2019,2020,2021')
    const { count, notices } = parse(text)
    expect(count).toBe(25)
    expect(notices.join()).toContain('Only the first row has the class "2021"')
    const named = parse(text.replace('2019,2020,2021', 'y2019,y2020,y2021'))
    expect(named).toMatchObject({ columns: ['y2019', 'y2020'], labelColumn: 'y2021', count: 24 })
  })
})

describe('columns of one name', () => {
  it('are read each for itself, and that is said', () => {
    const { columns, notices } = parse('a,a,label\n1,2,x\n3,4,y\n')
    expect(columns).toEqual(['a', 'a'])
    expect(notices.join()).toContain('2 columns are called "a" (columns 1, 2)')
  })

  it('are no label: the other one would give the class away', () => {
    const twice = 'label,a,label\n0,2,0\n1,4,1\n'
    expect(() => parse(twice)).toThrow(/2 columns named "label".*1 or 3/)
    expect(parse(twice, '3').labelColumn).toBe('label')
  })
})

it('a whole number of more digits than are kept is said', () => {
  const id = (i: number) => String(9007199254740993n + BigInt((i * 5) % 24))
  const { notices } = parse(rows(24, (i) => `${id(i)},${i % 5},${kind(i)}`, 'id,b,label'))
  expect(notices.join()).toContain('9007199254740993 is read as 9007199254740992')
  expect(
    parse(rows(24, (i) => `${i}000000000000000,${i % 5},${kind(i)}`)).notices.join(),
  ).not.toContain('digits than are kept')
})

describe('labels', () => {
  it('that are codes stay what they are', () => {
    const table = parse(rows(30, (i) => `${i},${i % 7},${['01', '1', '02'][i % 3]}`, 'x,a,label'))
    expect(table.classes).toEqual(['01', '02', '1'])
    expect(table.notices.join()).toContain('codes')
    const long = ['9007199254740993', '9007199254740992']
    expect(parse(rows(30, (i) => `${i % 7},${long[i % 2]}`, 'a,label')).classes).toHaveLength(2)
  })

  it('that look missing are classes, and are said', () => {
    const table = parse(rows(30, (i) => `${i % 7},${['NA', 'DE', 'null'][i % 3]}`, 'a,label'))
    expect(table.classes).toEqual(['DE', 'NA', 'null'])
    expect(table.notices).toEqual([expect.stringContaining('"NA", "null"')])
  })

  it.each([
    ['spaces', 'big  cat', 'big cat', '"big  cat" and "big cat"'],
    ['an invisible letter', 'cat\u200b', 'cat', '"cat\\u200b" and "cat"'],
    ['a Unicode form', 'caf\u00e9', 'cafe\u0301', 'and "cafe\\u0301"'],
    ['a space that does not break', 'a b', 'a\u00a0b', 'and "a\\u00a0b"'],
  ])('that differ only in %s are said', (_, one, other, said) => {
    const { classes, notices } = parse(
      rows(20, (i) => `${i % 7},${[one, other][i % 2]}`, 'a,label'),
    )
    expect(classes).toHaveLength(2)
    expect(notices.join()).toContain(said)
  })

  it('that differ only in case, or only as numbers, are said', () => {
    expect(parse('a,label\n1,oak\n2,Oak\n').notices.join()).toContain('differ only in case')
    expect(parse('a,label\n1,1\n2,1.0\n3,2\n').notices.join()).toContain('"1" and "1.0"')
  })

  it('are shown as far as a message has room', () => {
    const long = 'x'.repeat(50_000)
    const message = (text: string) => {
      try {
        parse(text)
      } catch (error) {
        return String(error)
      }
      return ''
    }
    for (const text of [`a,label\n1,${long}\n2,${long}\n`, `a,label\n${long},x\n1,y\n`]) {
      expect(message(text)).toContain('xxxx')
      expect(message(text).length).toBeLessThan(400)
    }
  })
})

describe('labels in several notations', () => {
  const labelled = (...labels: readonly string[]) =>
    parse(rows(40, (i) => `${i % 7},${i % 5},${labels[i % labels.length]!}`, 'a,b,label')).notices

  it('are said where they may mean the same', () => {
    expect(labelled('TRUE', '1', '0', 'FALSE')).toEqual([
      'Labels that may mean the same are different classes: "TRUE" and "1", "0" and "FALSE". Write them in one way if they are one.',
    ])
    expect(labelled('1', '1.0', 'unknown').join()).toContain('"1" and "1.0"')
    expect(labelled('yes', 'no', '7')).toEqual([])
  })
})

describe('a missing value', () => {
  const holding = (at: (i: number) => string) =>
    parse(rows(40, (i) => `${i % 7},${at(i)},${kind(i)}`, 'a,b,label'))

  it('that a number stands for is said', () => {
    expect(holding((i) => (i % 9 === 0 ? '-999' : `${i % 5}.5`)).notices).toEqual([
      expect.stringContaining('Column "b" holds -999 in 5 rows'),
    ])
    // As one value among others it is a number.
    expect(holding((i) => `${i * 100 - 999}`).notices).toEqual([])
    expect(holding((i) => (i % 2 === 0 ? '-999' : '999')).notices).toEqual([])
  })

  it('in most rows asks for the column to go, not for the rows', () => {
    const sparse = () => holding((i) => (i === 30 ? '1' : ''))
    expect(sparse).toThrow(/is empty, as in 39 of 40 rows.*Leave the column out/s)
    expect(() => holding((i) => (i === 30 ? '' : '1'))).toThrow(/row 32.*is empty.*remove the row/s)
  })
})

describe('a table of numbers in another form', () => {
  const csv = rows(40, (i) => `${i % 7}.5,${i % 5},${kind(i)}`, 'a,b,label')
  const lines = rows(40, (i) => JSON.stringify({ a: (i % 7) + 0.5, b: i % 5, label: kind(i) }))
  const settings = { dataset: 'd', labelColumn: undefined, testShare: 0.2 }
  it('is the same dataset', async () => {
    const [one, two] = await Promise.all(
      [csv, lines].map((text) => openDataset(settings, memoryHost({ d: text }))),
    )
    expect(two!.fingerprint).toBe(one!.fingerprint)
    expect(await previewDataset(settings, memoryHost({ d: lines }))).toMatchObject({
      format: 'jsonLines',
      table: { labelColumn: 'label' },
    })
  })

  it('is refused by the same rules', async () => {
    const gap = lines.replace('"b":3', '"b":NaN')
    await expect(openDataset(settings, memoryHost({ d: gap }))).rejects.toThrow(
      /row 4, column "b" is empty/,
    )
  })
})

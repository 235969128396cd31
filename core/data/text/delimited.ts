/** CSV and TSV with texts in their cells. The first row names the columns. */
import Papa from 'papaparse'
import { HisoError } from '../../base/index.ts'
import { decodeText } from '../csvLayout.ts'
import { createTable, type TextTable } from './table.ts'

const delimiters = [',', ';', '\t', '|']

/**
 * @param bytes unpacked; UTF-8, or UTF-16 with its mark
 * @param atMost rows that are kept
 * @throws HisoError DATA_INVALID naming the row
 */
export function parseDelimited(bytes: Uint8Array, file: string, atMost = Infinity): TextTable {
  const text = decodeText(bytes, file)
  const delimiter = findDelimiter(text, file)
  const columns: string[][] = []
  let names: readonly string[] | undefined
  let row = 0
  Papa.parse(text, {
    delimiter,
    newline: '\n',
    step({ data, errors }) {
      row++
      if (errors[0] !== undefined)
        throw invalid(file, row, `can't be read: ${errors[0].message}`, 'Check its quotation marks')
      if (data.length === 1 && data[0]!.trim() === '') return
      if (names === undefined) {
        names = namesOf(data, file)
        for (let i = 0; i < names.length; i++) columns.push([])
        return
      }
      if (data.length !== names.length)
        throw invalid(
          file,
          row,
          `has ${data.length} cells, and the first row names ${names.length} columns`,
          'Quote cells that hold the delimiter',
        )
      if (columns[0]!.length < atMost) data.forEach((cell, index) => columns[index]!.push(cell))
    },
  })
  if (names === undefined || columns[0]!.length === 0)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'holds no rows below its column names',
      remedy: 'Give a table whose first row names the columns, and one example per row',
    })
  return createTable(file, new Map(names.map((name, index) => [name, columns[index]!])))
}

function namesOf(first: readonly string[], file: string): readonly string[] {
  const names = first.map((name) => name.trim())
  const twice = names.find((name, index) => name === '' || names.indexOf(name) !== index)
  if (twice === undefined) return names
  throw new HisoError('DATA_INVALID', {
    where: file,
    what: twice === '' ? 'a column has no name' : `two columns are named "${twice}"`,
    remedy: 'Name every column in the first row, each differently',
  })
}

/** The one that divides the most of the first rows evenly, and into the most cells. */
function findDelimiter(text: string, file: string): string {
  const candidates = delimiters.map((delimiter) => {
    const { data } = Papa.parse(text.slice(0, 1 << 20), { delimiter, newline: '\n', preview: 5 })
    const widths = data.filter((row) => row.length > 1 || row[0] !== '').map((row) => row.length)
    const [width = 0] = widths
    return { delimiter, width, even: widths.filter((it) => it === width).length }
  })
  const [best] = candidates
    .filter(({ width }) => width > 1)
    .sort((left, right) => right.even - left.even || right.width - left.width)
  if (best !== undefined) return best.delimiter
  throw new HisoError('DATA_INVALID', {
    where: file,
    what: 'has a single column (no comma, semicolon, tab or bar divides its first row)',
    remedy: 'Give a table whose first row names the columns; quote cells that hold the delimiter',
  })
}

function invalid(file: string, row: number, what: string, remedy: string): HisoError {
  return new HisoError('DATA_INVALID', { where: file, what: `row ${row} ${what}`, remedy })
}

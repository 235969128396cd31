/** CSV and TSV with texts in their cells. The first row names the columns. */
import Papa from 'papaparse'
import { HisoError } from '../../base/index.ts'
import { takeSeparatorHint } from '../separatorHint.ts'
import { excerpt } from '../table/cell.ts'
import { fitWidths, nameColumns } from '../table/columnNames.ts'
import { createTable, type TextTable } from './table.ts'

const delimiters = [',', ';', '\t', '|']

/** Longest row: a quotation mark that is never closed swallows the rest of the file. */
const LONGEST_ROW = 2 ** 24
/** Letters that show the delimiter. */
const SAMPLE = 2 ** 20

/**
 * Reads row by row; holds at most a batch or a row.
 *
 * @param texts line ends are \n; cut anywhere
 * @param batch the most rows of a table
 * @returns consecutive tables
 * @throws HisoError DATA_INVALID naming the row
 */
export async function* readDelimited(
  texts: AsyncIterable<string>,
  file: string,
  batch: number,
): AsyncGenerator<TextTable> {
  let header: readonly string[] | undefined
  let named: NamedColumns | undefined
  let columns: string[][] = []
  let firstRow = 0
  for await (const { cells, row } of rowsOf(texts, file)) {
    if (cells.every((cell) => cell.trim() === '')) continue
    if (header === undefined) {
      header = cells.map((name) => name.trim())
      continue
    }
    if (named === undefined) {
      named = namesOf(fitWidths(header, [cells]), file)
      columns = named.names.map(() => [])
    }
    if (cells.length !== named.names.length)
      throw invalid(
        file,
        row,
        `has ${cells.length} cells, and the first row names ${header.length} columns`,
        'Quote cells that hold the delimiter',
      )
    cells.forEach((cell, index) => columns[index]!.push(cell))
    if (columns[0]!.length < batch) continue
    yield tableOf(file, named, columns, firstRow)
    firstRow += columns[0]!.length
    columns = named.names.map(() => [])
  }
  const rest = columns[0]?.length ?? 0
  if (rest > 0) yield tableOf(file, named!, columns, firstRow)
  if (firstRow + rest === 0)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'has no rows below its column names',
      remedy: 'Give a table whose first row names the columns, and one example per row',
    })
}

interface NamedColumns {
  readonly names: readonly string[]
  readonly notices: readonly string[]
}

function tableOf(
  file: string,
  { names, notices }: NamedColumns,
  columns: readonly (readonly string[])[],
  firstRow: number,
): TextTable {
  return createTable(file, new Map(names.map((name, index) => [name, columns[index]!])), {
    firstRow,
    notices,
  })
}

/** All rows, blank ones too; `row` counts from 1. */
async function* rowsOf(
  texts: AsyncIterable<string>,
  file: string,
): AsyncGenerator<{ readonly cells: readonly string[]; readonly row: number }> {
  let row = 0
  let text = ''
  let delimiter: string | undefined
  const read = function* (isEnd: boolean) {
    if (delimiter === undefined) {
      const hinted = takeSeparatorHint(text)
      text = hinted.text
      delimiter = hinted.delimiter ?? findDelimiter(text, file)
    }
    const parser = new Papa.Parser({ delimiter, newline: '\n' })
    const { data, errors, meta } = parser.parse(text, 0, !isEnd)
    text = text.slice(meta.cursor)
    for (const [index, cells] of data.entries()) {
      row++
      const error = errors.find((it) => it.row === index)
      if (error !== undefined)
        throw invalid(file, row, `can't be read: ${error.message}`, 'Check its quotation marks')
      yield { cells, row }
    }
  }
  for await (const part of texts) {
    text += part
    if (text.length < SAMPLE) continue
    yield* read(false)
    if (text.length > LONGEST_ROW)
      throw invalid(
        file,
        row + 1,
        `is longer than ${LONGEST_ROW / 2 ** 20} million letters`,
        'Check its quotation marks',
      )
  }
  yield* read(true)
}

/** Columns without a name are called by their number. */
function namesOf(header: readonly string[], file: string): NamedColumns {
  const { columns: names, isUnnamed } = nameColumns(header)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: `two columns are named "${excerpt(twice)}"`,
      remedy: 'Name every column in the first row, each differently',
    })
  const unnamed = names.filter((_, index) => isUnnamed[index])
  return {
    names,
    notices: unnamed.map(
      (name) => `A column has no name in the first row; it is called "${name}".`,
    ),
  }
}

/** The delimiter that divides the most of the first rows evenly, and into the most cells. */
function findDelimiter(text: string, file: string): string {
  const candidates = delimiters.map((delimiter) => {
    const { data } = Papa.parse(text.slice(0, SAMPLE), { delimiter, newline: '\n', preview: 5 })
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
    remedy:
      'Give a table whose first row names the columns; quote cells that contain the delimiter',
  })
}

function invalid(file: string, row: number, what: string, remedy: string): HisoError {
  return new HisoError('DATA_INVALID', { where: file, what: `row ${row} ${what}`, remedy })
}

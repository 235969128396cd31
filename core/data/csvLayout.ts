/**
 * Finds the layout of a CSV file from its first rows: encoding, delimiter, header, label column.
 */
import Papa from 'papaparse'
import { HisoError } from '../base/index.ts'
import { suggestion } from '../config/index.ts'
import { cellText, isNumeric } from './table/cell.ts'
import { fitWidths, nameColumns } from './table/columnNames.ts'
import { encodingOf } from './textEncoding.ts'
import { refuseCommentAbove } from './commentAbove.ts'

export interface CsvLayout {
  readonly delimiter: string
  /** Whether the first row holds column names. */
  readonly header: boolean
  /** Names of all columns, including the label's; `column N` (one-based) if the file has none. */
  readonly columns: readonly string[]
  /** Whether the file gives the column no name of its own. */
  readonly isUnnamed: readonly boolean[]
  /** What was decided on the way, for people. */
  readonly notices: readonly string[]
  /** Zero-based. */
  readonly label: number
  /** The first rows below the header, cells trimmed. */
  readonly first: readonly (readonly string[])[]
}

const delimiters = [',', ';', '\t', '|', ' ']
const labelNames = ['label', 'class', 'target', 'y']
const sampledRows = 20
const sampledCharacters = 1 << 20
/** A longer row shows that the file is no table. */
const longestRow = 1 << 24

/**
 * The text of a file in UTF-8, or in UTF-16 with its mark as spreadsheets export it; line ends
 * become \n.
 *
 * @throws HisoError DATA_INVALID for anything else
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const decoder = decoderFor(bytes, file)
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch (cause) {
    throw notText(file, cause, bytes.length)
  }
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text
}

/**
 * Like `decodeText`, piece by piece, wherever the pieces are cut. @param head the first bytes of
 * the file
 */
export async function* decodePieces(
  pieces: AsyncIterable<Uint8Array>,
  head: Uint8Array,
  file: string,
): AsyncGenerator<string> {
  const decoder = decoderFor(head, file)
  const decode = (piece?: Uint8Array) => {
    try {
      return piece === undefined ? decoder.decode() : decoder.decode(piece, { stream: true })
    } catch (cause) {
      throw notText(file, cause)
    }
  }
  // A carriage return at the end of a piece may be half of a line end.
  let held = ''
  for await (const piece of pieces) {
    const text = held + decode(piece)
    held = text.endsWith('\r') ? '\r' : ''
    yield text.slice(0, text.length - held.length).replace(/\r\n?/g, '\n')
  }
  yield (held + decode()).replace(/\r\n?/g, '\n')
}

function decoderFor(head: Uint8Array, file: string): TextDecoder {
  const encoding = encodingOf(head, file)
  if (encoding === 'utf-8' && head.subarray(0, 4096).includes(0))
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'is not a table: it holds binary data',
      remedy: 'Give a CSV file, or the folder that holds idx files',
    })
  return new TextDecoder(encoding, { fatal: true })
}

function notText(file: string, cause: unknown, length = 0): HisoError {
  return new HisoError('DATA_INVALID', {
    where: file,
    what:
      length > 2 ** 28
        ? `can't be read as text: ${length} bytes are too many, or not in UTF-8`
        : 'is not text in UTF-8',
    remedy: 'Save it again as "CSV UTF-8"',
    cause,
  })
}

/**
 * @param labelColumn see `findLabel`
 * @param hinted the delimiter, where the file names it
 * @throws HisoError DATA_INVALID when it is not a table, CONFIG_INVALID when there is no such label
 *   column
 */
export function findLayout(
  text: string,
  file: string,
  labelColumn: string | undefined,
  hinted?: string,
): CsvLayout {
  const sample = sampleOf(text, file)
  refuseCommentAbove(sample, file)
  const isCut = sample.length < text.length
  const tried = hinted === undefined ? delimiters : [hinted]
  const candidates = tried.map((delimiter) => ({
    delimiter,
    rows: firstRows(sample, isCut, delimiter),
  }))
  if (candidates[0]!.rows.length === 0)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'is empty',
      remedy: 'Give a table with one sample per row',
    })
  const ranked = candidates
    .filter(({ rows }) => (rows[0]?.length ?? 0) >= 2)
    .map((candidate) => ({ ...candidate, rank: plausibility(candidate.rows) }))
    .sort((left, right) => compare(right.rank, left.rank))
  const best = ranked[0]
  if (best === undefined)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: `has a single column (no ${hinted === undefined ? 'comma, semicolon, tab, bar or space' : `"${hinted}"`} separates its first row)`,
      remedy: 'Give a table with a label column and at least one column of numbers',
    })
  const [first, ...others] = best.rows as [string[], ...string[][]]
  const header = headerOf(first, others, labelColumn, () => allRows(text, best.delimiter).slice(1))
  const rows = header.is ? others : best.rows
  const names = header.is ? fitWidths(first, others) : first.map(() => '')
  const { columns, isUnnamed } = nameColumns(names)
  // A delimiter behind the last cell makes an empty column, which is not the label.
  const isUsed = columns.map(
    (_, index) => !isUnnamed[index] || rows.some((row) => (row[index] ?? '') !== ''),
  )
  return {
    delimiter: best.delimiter,
    header: header.is,
    columns,
    isUnnamed,
    notices: header.notices,
    label: findLabel(columns, header.is, labelColumn, file, isUsed),
    first: rows,
  }
}

const isFilled = (row: readonly string[]) => row.some((cell) => cell !== '')

/** All non-blank rows, cells trimmed. */
function allRows(text: string, delimiter: string): string[][] {
  const { data } = new Papa.Parser({ delimiter, newline: '\n' }).parse(text, 0, false)
  return data.map((row) => row.map(cellText)).filter(isFilled)
}

/** The beginning of the text, with two whole lines at least. @throws HisoError DATA_INVALID */
function sampleOf(text: string, file: string): string {
  const second = text.indexOf('\n', text.indexOf('\n') + 1)
  const needed = second < 0 ? text.length : second + 1
  if (needed <= sampledCharacters) return text.slice(0, sampledCharacters)
  if (needed <= 2 * longestRow) return text.slice(0, needed)
  throw new HisoError('DATA_INVALID', {
    where: file,
    what: `its first rows are longer than ${longestRow >> 20} million letters`,
    remedy: 'Give a table with one sample per row, each on a line of its own',
  })
}

/** The first non-blank rows, cells trimmed. @param isCut whether the file is longer than that */
function firstRows(sample: string, isCut: boolean, delimiter: string): string[][] {
  const { data } = Papa.parse(sample, { delimiter, newline: '\n', preview: sampledRows })
  const rows = data.map((row) => row.map(cellText)).filter(isFilled)
  // The sample may have cut the last row.
  return isCut && rows.length > 1 && data.length < sampledRows ? rows.slice(0, -1) : rows
}

/**
 * Larger is better: rows of equal width first, then the share of cells that are numbers, then the
 * width.
 */
function plausibility(rows: readonly string[][]): readonly number[] {
  const width = rows[0]!.length
  const cells = rows.flat()
  const numbers = cells.filter(isNumeric)
  const share = (length: number | undefined) =>
    rows.filter((row) => row.length === length).length / rows.length
  return [
    // A header may name one column less than there are, or have a delimiter too many.
    Math.abs((rows[1]?.length ?? width) - width) === 1
      ? Math.max(share(width), share(rows[1]!.length))
      : share(width),
    numbers.length / cells.length,
    width,
  ]
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (let index = 0; index < left.length; index++) {
    const difference = left[index]! - right[index]!
    if (difference !== 0) return difference
  }
  return 0
}

interface Header {
  readonly is: boolean
  readonly notices: readonly string[]
}

/**
 * A header is a first row without numbers above a row with some, or one that names a label column:
 * by the setting, or by one of the usual names where that word does not come back further down as a
 * class. One of numbers is told by an empty cell, by counting 0, 1, 2… as no other row does, by a
 * word above the classes that is none of them, or by a number above classes that are words.
 *
 * @param others sampled rows below the first
 * @param all all rows below the first
 */
function headerOf(
  first: readonly string[],
  others: readonly string[][],
  labelColumn: string | undefined,
  all: () => readonly string[][],
): Header {
  const plain = (is: boolean): Header => ({ is, notices: [] })
  if (!first.some(isNumeric))
    return plain(others.length === 0 || others.some((row) => row.some(isNumeric)))
  const names = first.some(
    (cell, column) =>
      !isNumeric(cell) &&
      cell !== '' &&
      (cell === labelColumn || labelNames.includes(cell.toLowerCase())) &&
      others.every((row) => row[column] !== cell),
  )
  if (names) return plain(true)
  const told = (): Header => ({
    is: true,
    notices: [
      `The first row (${first.slice(0, 4).join(', ')}${first.length > 4 ? ', …' : ''}) is taken as the names of the columns, not as a sample.`,
    ],
  })
  const isBlankAbove = (cell: string, column: number) =>
    cell === '' && others.some((row) => (row[column] ?? '') !== '')
  if (first.some(isBlankAbove)) return told()
  if (countsUp(first) && others.length >= 3 && !others.some(countsUp)) return told()
  const isAboveClasses = namesClasses(first, others, all) || numbersClasses(first, others, all)
  return isAboveClasses ? told() : plain(false)
}

/** Whether the numbers in a row are 0, 1, 2… or 1, 2, 3…, at least three of them. */
function countsUp(row: readonly string[]): boolean {
  const numbers = row.filter((cell) => isNumeric(cell))
  const start = Number(numbers[0])
  return (
    numbers.length >= 3 &&
    (start === 0 || start === 1) &&
    numbers.every((cell, index) => cell === String(start + index))
  )
}

/** Whether the first row's only word stands above words that come back, and does not itself. */
function namesClasses(
  first: readonly string[],
  others: readonly string[][],
  all: () => readonly string[][],
): boolean {
  const words = first.flatMap((cell, column) => (isNumeric(cell) ? [] : [column]))
  const [column] = words
  if (column === undefined || words.length > 1 || others.length < 3) return false
  if (others.some((row) => isNumeric(row[column] ?? '') || row[column] === first[column]))
    return false
  const below = all().map((row) => row[column])
  return !below.includes(first[column]) && new Set(below).size <= below.length / 2
}

/** Whether a number in the first row stands above words that come back. */
function numbersClasses(
  first: readonly string[],
  others: readonly string[][],
  all: () => readonly string[][],
): boolean {
  if (others.length < 3) return false
  const isWord = (cell = '') => cell !== '' && !isNumeric(cell)
  const above = first.findIndex(
    (cell, column) => isNumeric(cell) && others.every((row) => isWord(row[column])),
  )
  if (above < 0) return false
  const below = all().map((row) => row[above])
  return below.every(isWord) && new Set(below).size <= below.length / 2
}

/**
 * @param columns names of all columns
 * @param header whether the file names them
 * @param labelColumn a column's name or one-based number; if undefined, the one named label, class,
 *   target or y, else the last
 * @param isUsed which columns can be the last
 * @throws HisoError CONFIG_INVALID when there is no such column
 */
export function findLabel(
  columns: readonly string[],
  header: boolean,
  labelColumn: string | undefined,
  file: string,
  isUsed: readonly boolean[] = columns.map(() => true),
): number {
  const lower = columns.map((name) => name.toLowerCase())
  const invalid = (what: string, remedy: string) =>
    new HisoError('CONFIG_INVALID', { where: 'task.labelColumn', what, remedy })
  const only = (named: string): number | undefined => {
    const matches = columns.flatMap((name, index) => (name === named ? [index] : []))
    if (matches.length < 2) return matches[0]
    throw invalid(
      `${file} has ${matches.length} columns named "${named}"`,
      `Give the column's number: ${matches.map((index) => index + 1).join(' or ')}`,
    )
  }
  if (labelColumn === undefined) {
    const usual = labelNames.map((name) => lower.indexOf(name)).find((index) => index >= 0)
    return usual === undefined ? Math.max(0, isUsed.lastIndexOf(true)) : only(columns[usual]!)!
  }
  const exact = only(labelColumn)
  if (exact !== undefined) return exact
  if (/^\d+$/.test(labelColumn)) {
    const number = Number(labelColumn)
    if (number >= 1 && number <= columns.length) return number - 1
    throw invalid(
      `${file} has ${columns.length} columns, so there is no column ${labelColumn}`,
      `Give a number from 1 to ${columns.length}${header ? ', or a name' : ''}`,
    )
  }
  const ignoringCase = lower.indexOf(labelColumn.toLowerCase())
  if (ignoringCase >= 0) return ignoringCase
  if (!header)
    throw invalid(
      `${file} has no header, so there is no column named "${labelColumn}"`,
      `Give the column's number, from 1 to ${columns.length}`,
    )
  const near = suggestion(labelColumn, columns)
  const shown = columns.slice(0, 12).join(', ')
  throw invalid(
    `${file} has no column named "${labelColumn}"`,
    near === undefined
      ? `Its columns are ${shown}${columns.length > 12 ? `, and ${columns.length - 12} more` : ''}`
      : `Did you mean ${near}?`,
  )
}

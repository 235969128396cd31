/** JSON Lines: one object per line. */
import { HisoError, joinBytes, messageOf, parseJson } from '../../base/index.ts'
import { ColumnTwice, GrowingColumns } from './growingColumns.ts'
import { exactJson } from './exactJson.ts'
import { createTable, type TextTable } from './table.ts'

/** The longest line: a longer one shows that the file holds something other than examples. */
const LONGEST_BYTES = 2 ** 26

/**
 * Reads line by line; holds at most a batch or a line.
 *
 * @param pieces UTF-8, unpacked, cut anywhere
 * @param batch the most rows of a table
 * @returns consecutive tables; a column is in all of them from its first row on, empty in rows
 *   without its key
 * @throws HisoError DATA_INVALID naming the line
 */
export async function* readJsonLines(
  pieces: AsyncIterable<Uint8Array>,
  file: string,
  batch: number,
): AsyncGenerator<TextTable> {
  const columns = new GrowingColumns()
  const notices = new Set<string>()
  let firstRow = 0
  const taken = (isLast: boolean) => {
    const rows = columns.rows
    const table = createTable(file, columns.take(), { firstRow, isLast, notices: [...notices] })
    firstRow += rows
    return table
  }
  for await (const { text, line } of linesOf(pieces, file)) {
    if (text.trim() === '') continue
    if (columns.rows === batch) yield taken(false)
    const row = parseObject(text, file, line, notices)
    try {
      columns.add(row)
    } catch (cause) {
      if (cause instanceof ColumnTwice) throw invalid(file, line, cause.message, cause)
      // Values inside values are written out again.
      if (!(cause instanceof RangeError)) throw cause
      throw invalid(file, line, 'is nested too deeply', cause)
    }
  }
  if (columns.rows > 0) yield taken(true)
  if (firstRow === 0)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'holds no rows',
      remedy: 'Give one JSON object per line',
    })
}

const LINE_FEED = 10

/** The whole lines, wherever the pieces were cut. */
async function* linesOf(
  pieces: AsyncIterable<Uint8Array>,
  file: string,
): AsyncGenerator<{ readonly text: string; readonly line: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 0
  const decode = (bytes: Uint8Array) => {
    line++
    try {
      return { text: decoder.decode(bytes), line }
    } catch (cause) {
      throw invalid(file, line, 'is not text in UTF-8', cause)
    }
  }
  let begun: Uint8Array[] = []
  let held = 0
  for await (const piece of pieces) {
    let from = 0
    for (let to: number; (to = piece.indexOf(LINE_FEED, from)) >= 0; from = to + 1) {
      yield decode(joined(begun, piece.subarray(from, to)))
      begun = []
      held = 0
    }
    if (from === piece.length) continue
    begun.push(piece.slice(from))
    held += piece.length - from
    if (held > LONGEST_BYTES)
      throw invalid(file, line + 1, `is longer than ${LONGEST_BYTES / 2 ** 20} MiB`)
  }
  if (held > 0) yield decode(joined(begun, new Uint8Array()))
}

const joined = (begun: readonly Uint8Array[], end: Uint8Array) =>
  begun.length === 0 ? end : joinBytes([...begun, end])

/** As tools print objects for people. */
const goesOn = /^\s*\{\s*$/

function parseObject(
  text: string,
  file: string,
  line: number,
  notices: Set<string>,
): Record<string, unknown> {
  let value: unknown
  try {
    const { json, hasNaN } = exactJson(text)
    if (hasNaN) notices.add(`NaN in ${file} is read as an empty cell.`)
    value = parseJson(json)
  } catch (cause) {
    if (goesOn.test(text))
      throw new HisoError('DATA_INVALID', {
        where: file,
        what: `line ${line} begins an object that goes on in the next one`,
        remedy: 'Write each object on a line of its own: jq -c . FILE does that',
        cause,
      })
    throw invalid(file, line, `is not JSON: ${messageOf(cause)}`, cause)
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw invalid(file, line, 'is not a JSON object')
  return value as Record<string, unknown>
}

function invalid(file: string, line: number, what: string, cause?: unknown): HisoError {
  return new HisoError('DATA_INVALID', {
    where: file,
    what: `line ${line} ${what}`,
    remedy: 'Give one JSON object per line, such as {"text": "…", "label": 1}',
    cause,
  })
}

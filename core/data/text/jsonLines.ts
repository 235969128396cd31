/** JSON Lines: one object a line. Objects and lists inside are flattened to columns such as `answers.text.0`. */
import { HisoError } from '../../base/index.ts'
import { createTable, type TextTable } from './table.ts'

/**
 * Reads line by line, so that no text longer than a line is made.
 *
 * @param bytes UTF-8, unpacked
 * @param atMost rows that are read
 * @throws HisoError DATA_INVALID naming the line
 */
export function parseJsonLines(bytes: Uint8Array, file: string, atMost = Infinity): TextTable {
  const columns = new Map<string, string[]>()
  let rows = 0
  for (const { text, line } of linesOf(bytes, file)) {
    if (rows >= atMost) break
    if (text.trim() === '') continue
    for (const [name, cell] of flatten(parseObject(text, file, line))) {
      let cells = columns.get(name)
      if (cells === undefined) columns.set(name, (cells = []))
      // Rows before had no such key.
      while (cells.length < rows) cells.push('')
      cells.push(cell)
    }
    rows++
    for (const cells of columns.values()) if (cells.length < rows) cells.push('')
  }
  if (rows === 0)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'holds no rows',
      remedy: 'Give one JSON object per line',
    })
  return createTable(file, columns)
}

const LINE_FEED = 10

function* linesOf(
  bytes: Uint8Array,
  file: string,
): Generator<{ readonly text: string; readonly line: number }> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let line = 1
  for (let from = 0; from < bytes.length; line++) {
    const found = bytes.indexOf(LINE_FEED, from)
    const to = found < 0 ? bytes.length : found
    let text: string
    try {
      text = decoder.decode(bytes.subarray(from, to))
    } catch (cause) {
      throw invalid(file, line, 'is not text in UTF-8', cause)
    }
    yield { text, line }
    from = to + 1
  }
}

function parseObject(text: string, file: string, line: number): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw invalid(file, line, 'is not JSON', cause)
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

function* flatten(value: object, prefix = ''): Generator<[name: string, cell: string]> {
  for (const [key, inner] of Object.entries(value)) {
    const name = `${prefix}${key}`
    if (typeof inner === 'object' && inner !== null) yield* flatten(inner as object, `${name}.`)
    else yield [name, inner === null ? '' : String(inner)]
  }
}

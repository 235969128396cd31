/** Calm tables: no frames, a quiet header, numbers to the right. */
import { oneLine } from '../core/base/index.ts'
import { widthOf, type Terminal } from './terminal.ts'

export interface Column {
  readonly title: string
  /** Numbers stand to the right. */
  readonly isNumber?: boolean
}

/** One line, in which the line breaks of names are shown; or several. */
export type Cell = string | readonly string[]

/** Between two columns. */
const gap = '  '

export function formatTable(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): string {
  const head = columns.map(({ title }) => terminal.paint('dim', title))
  const cells = [head, ...rows].map((row) => row.map((cell) => linesOf(cell).map(shortened)))
  const widths = columns.map((_, at) =>
    cells.reduce((most, row) => Math.max(most, ...(row[at] ?? []).map(widthOf)), 0),
  )
  const lines = cells.flatMap((row) =>
    Array.from({ length: Math.max(...row.map((cell) => cell.length)) }, (_, line) =>
      columns
        .map(({ isNumber = false }, at) => {
          const text = row[at]?.[line] ?? ''
          const room = ' '.repeat(widths[at]! - widthOf(text))
          return isNumber ? room + text : text + room
        })
        .join(gap),
    ),
  )
  return indent(lines.join('\n'))
}

/** Label and value, a line each; long values are wrapped. */
export function formatPairs(
  terminal: Terminal,
  pairs: readonly (readonly [label: string, value: Cell])[],
): string {
  const labels = pairs.map(([label]) => oneLine(label))
  const width = Math.max(...labels.map(widthOf))
  const room = Math.max(40, Math.min(terminal.columns, widestText) - width - 6)
  const lines = pairs.map(([, value], at) => {
    const [first = '', ...rest] = linesOf(value).flatMap((line) => wrap(line, room))
    const label = labels[at]!
    return [
      `${terminal.paint('dim', label + ' '.repeat(width - widthOf(label)))}   ${first}`,
      ...rest.map((line) => `${' '.repeat(width + 3)}${line}`),
    ].join('\n')
  })
  return indent(lines.join('\n'))
}

const linesOf = (cell: Cell) => (typeof cell === 'string' ? [cell] : cell).map(oneLine)

/** No name that people give is longer; what stands in a stranger's table may be. */
const longestCell = 120
const shortened = (text: string) =>
  text.length > longestCell
    ? `${text.slice(0, longestCell)}…${text.includes('\x1b') ? '\x1b[0m' : ''}`
    : text

/** Longer lines are hard to read. */
const widestText = 110

/** Breaks a line between words where it would be wider than `room`. */
export function wrap(line: string, room: number): string[] {
  const lines: string[] = []
  let last = ''
  for (const word of line.split(' ')) {
    if (last !== '' && widthOf(last) + 1 + widthOf(word) > room) {
      lines.push(last)
      last = word
    } else {
      last = lines.length === 0 && last === '' ? word : `${last} ${word}`
    }
  }
  return [...lines, last]
}

// Not with / +$/: on a long row of blanks its time grows with the square of their number.
const indent = (text: string) =>
  text
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n')

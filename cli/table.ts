/** Calm tables: no frames, a quiet header, numbers to the right. */
import { widthOf, type Terminal } from './terminal.ts'

export interface Column {
  readonly title: string
  /** Numbers stand to the right. */
  readonly isNumber?: boolean
}

/** Between two columns. */
const gap = '  '

/** @param rows of cells, which may have several lines */
export function formatTable(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const head = columns.map(({ title }) => terminal.paint('dim', title))
  const cells = [head, ...rows].map((row) => row.map((cell) => cell.split('\n')))
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
  pairs: readonly (readonly [label: string, value: string])[],
): string {
  const width = Math.max(...pairs.map(([label]) => label.length))
  const room = Math.max(40, Math.min(terminal.columns, widestText) - width - 6)
  const lines = pairs.map(([label, value]) => {
    const [first = '', ...rest] = value.split('\n').flatMap((line) => wrap(line, room))
    return [
      `${terminal.paint('dim', label.padEnd(width))}   ${first}`,
      ...rest.map((line) => `${' '.repeat(width + 3)}${line}`),
    ].join('\n')
  })
  return indent(lines.join('\n'))
}

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

const indent = (text: string) => text.replace(/^(?=.)/gm, '  ').replace(/ +$/gm, '')

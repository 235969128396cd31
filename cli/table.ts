/** Calm tables: no frames, a quiet header, numbers to the right. */
import Table, { type TableConstructorOptions } from 'cli-table3'
import { widthOf, type Terminal } from './terminal.ts'

export interface Column {
  readonly title: string
  /** Numbers stand to the right. */
  readonly isNumber?: boolean
}

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
}

/**
 * The time that cli-table3 takes grows with the square of the rows: ten thousand at once took 40
 * seconds.
 */
const rowsAtOnce = 200

export function formatTable(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const common: TableConstructorOptions = {
    colAligns: columns.map(({ isNumber }) => (isNumber === true ? 'right' : 'left')),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  }
  const titles = columns.map(({ title }) => title)
  const head = titles.map((title) => terminal.paint('dim', title))
  const colWidths = rows.length > rowsAtOnce ? widthsOf([titles, ...rows]) : []
  const parts: string[] = []
  for (let from = 0; from === 0 || from < rows.length; from += rowsAtOnce) {
    const table = new Table({ ...common, colWidths, head: from === 0 ? head : [] })
    table.push(...rows.slice(from, from + rowsAtOnce).map((row) => [...row]))
    parts.push(table.toString())
  }
  return indent(parts.join('\n'))
}

/** How wide each column has to be. */
function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const widths: number[] = []
  for (const row of rows)
    for (const [at, cell] of row.entries())
      widths[at] = Math.max(widths[at] ?? 0, ...cell.split('\n').map(widthOf))
  return widths
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

/** Calm tables: no frames, a quiet header, numbers to the right. */
import Table from 'cli-table3'
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

export function formatTable(
  terminal: Terminal,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const table = new Table({
    head: columns.map(({ title }) => terminal.paint('dim', title)),
    colAligns: columns.map(({ isNumber }) => (isNumber === true ? 'right' : 'left')),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  })
  table.push(...rows.map((row) => [...row]))
  return indent(table.toString())
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

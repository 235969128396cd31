/** What `hiso inspect` says of a set of texts. */
import type { TextColumn, TextsSummary } from '../core/data/index.ts'
import { noticesText } from './formatDataset.ts'
import { formatPairs, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { formatCount } from './units.ts'

/** Letters of a cell and of a list of values that are shown; `--json` gives all. */
const shownLetters = 160

export function formatTexts(
  { title, train, test, columns, first, notices }: TextsSummary,
  terminal: Terminal,
): string {
  const pairs = [
    ['texts', title],
    [
      'rows',
      `${formatCount(train)} to train on, ${test === 0 ? 'of which a share is held out to test with' : `${formatCount(test)} to test with`}`,
    ],
  ] as const
  const table = formatTable(
    terminal,
    [
      { title: 'column' },
      { title: 'filled', isNumber: true },
      { title: 'letters', isNumber: true },
      { title: 'values' },
    ],
    columns.map((column) => [
      column.name,
      formatCount(column.filled),
      formatCount(column.letters),
      valuesOf(column),
    ]),
  )
  const rows = first.map((cells, row) =>
    formatPairs(
      terminal,
      columns.map(({ name }, at) => [name, cut(cells[at]!)] as const),
    ).replace(/^/, row === 0 ? '' : '\n'),
  )
  return [
    formatPairs(terminal, pairs),
    table,
    rows.join('\n'),
    ...noticesText(notices, terminal),
  ].join('\n\n')
}

const valuesOf = ({ values }: TextColumn) =>
  values === undefined
    ? ''
    : cut(values.map(({ value, count }) => `${value} (${formatCount(count)})`).join(', '))

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ')
  return line.length <= shownLetters ? line : `${line.slice(0, shownLetters)}…`
}

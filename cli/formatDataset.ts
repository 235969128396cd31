/** What `hiso inspect` says of a dataset. */
import type { DatasetPreview } from '../core/data/index.ts'
import { pictureLines } from './picture.ts'
import { formatPairs, formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import { formatCount } from './units.ts'

/** More would not fit on a screen; `--json` gives all. */
const shownClasses = 20
const shownColumns = 20
/** First rows show as many columns as fit side by side. */
const shownCells = 8

export function formatDataset(preview: DatasetPreview, terminal: Terminal): string {
  const { table, origin, featureShape, train, test, heldOut, values } = preview
  const pairs: (readonly [string, string])[] = [
    ['dataset', preview.title],
    ['format', formatOf(preview)],
    [
      'sample',
      table === undefined
        ? `${featureShape.slice(1).join(' × ')} pixels, grey`
        : `${formatCount(featureShape[0]!)} numbers; the class is ${table.labelColumn.startsWith('column ') ? '' : 'column '}${table.labelColumn}`,
    ],
    [
      'samples',
      `${formatCount(train)} to train on, ${formatCount(test)} to test with${heldOut ? ' (held out: the data has no test set of its own)' : ''}`,
    ],
    ['values', `${formatNumber(values.min)} to ${formatNumber(values.max)}`],
    ['fingerprint', preview.fingerprint],
    ...(origin === undefined
      ? []
      : ([
          ['licence', origin.licence],
          ['source', origin.source],
        ] as const)),
  ]
  const first = table === undefined ? firstImages(preview, terminal) : firstRows(preview, terminal)
  return [
    formatPairs(terminal, pairs),
    classTable(preview, terminal),
    ...(table === undefined ? [] : [columnTable(preview, terminal)]),
    first,
    ...noticesText(preview.notices, terminal),
  ].join('\n\n')
}

/** What a person should look at, below everything else. */
export function noticesText(notices: readonly string[], terminal: Terminal): string[] {
  if (notices.length === 0) return []
  return [notices.map((text) => `  ${terminal.paint('yellow', text)}`).join('\n')]
}

function formatOf({ table, format }: DatasetPreview): string {
  if (table === undefined) return 'idx images'
  if (table.delimiter === undefined)
    return format === 'parquet' ? 'a Parquet table' : 'JSON Lines, one object per row'
  const delimiters: Readonly<Record<string, string>> = { '\t': 'tabs', ' ': 'spaces' }
  const delimiter = delimiters[table.delimiter] ?? `"${table.delimiter}"`
  return `a table with ${delimiter} between columns, ${table.header ? 'named in the first row' : 'without names'}`
}

function classTable({ classes }: DatasetPreview, terminal: Terminal): string {
  const rows = classes
    .slice(0, shownClasses)
    .map(({ name, train, test }) => [name, formatCount(train), formatCount(test)])
  const table = formatTable(
    terminal,
    [{ title: 'class' }, { title: 'train', isNumber: true }, { title: 'test', isNumber: true }],
    rows,
  )
  return table + more(classes.length - rows.length, 'classes', terminal)
}

function columnTable({ table }: DatasetPreview, terminal: Terminal): string {
  const columns = table!.columns
  const rows = columns
    .slice(0, shownColumns)
    .map(({ name, min, max, mean }) => [name, ...[min, max, mean].map(formatNumber)])
  const text = formatTable(
    terminal,
    [
      { title: 'column' },
      { title: 'least', isNumber: true },
      { title: 'most', isNumber: true },
      { title: 'mean', isNumber: true },
    ],
    rows,
  )
  return text + more(columns.length - rows.length, 'columns', terminal)
}

function firstRows({ first, table }: DatasetPreview, terminal: Terminal): string {
  const columns = table!.columns.slice(0, shownCells)
  const text = formatTable(
    terminal,
    [
      { title: table!.labelColumn },
      ...columns.map(({ name }) => ({ title: name, isNumber: true })),
    ],
    first.map(({ className, values }) => [
      className,
      ...values.slice(0, shownCells).map(formatNumber),
    ]),
  )
  return text + more(table!.columns.length - columns.length, 'columns', terminal)
}

function firstImages({ first, featureShape, values }: DatasetPreview, terminal: Terminal): string {
  const width = featureShape.at(-1)!
  const fitting = first.slice(0, Math.max(1, Math.floor((terminal.columns - 2) / (width + 2))))
  const pictures = fitting.map((sample) => pictureLines(sample.values, width, values))
  const beside = (cells: readonly string[]) =>
    `  ${cells.map((cell) => cell.slice(0, width).padEnd(width)).join('  ')}`.trimEnd()
  return [
    terminal.paint('dim', beside(fitting.map(({ className }) => className))),
    ...pictures[0]!.map((_, line) => beside(pictures.map((picture) => picture[line]!))),
  ].join('\n')
}

function more(count: number, what: string, terminal: Terminal): string {
  return count <= 0
    ? ''
    : `\n  ${terminal.paint('dim', `and ${formatCount(count)} more ${what}: --json gives all`)}`
}

/** Whole numbers as they are, others with six digits. */
const formatNumber = (value: number) =>
  String(Number.isSafeInteger(value) ? value : Number(value.toPrecision(6)))

/** The columns of the library: fixed ones, and any config key that somebody wants to see. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatValue,
} from '../../components/format.ts'
import type { LibraryRow } from '../../library/libraryRow.ts'

export interface RunColumn {
  readonly key: string
  readonly title: string
  readonly width: string
  readonly isNumeric: boolean
  readonly text: (row: LibraryRow) => string
}

const numberOf = (row: LibraryRow, key: string) => {
  const value = row.values.get(key)
  return typeof value === 'number' ? value : undefined
}
const dates = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
})

function result(
  key: string,
  title: string,
  width: string,
  format: (value: number) => string,
): RunColumn {
  return {
    key,
    title,
    width,
    isNumeric: true,
    text: (row) => {
      const value = numberOf(row, key)
      return value === undefined ? '–' : format(value)
    },
  }
}

const fixed: readonly RunColumn[] = [
  {
    key: 'title',
    title: 'Name',
    width: 'minmax(11rem, 2fr)',
    isNumeric: false,
    text: ({ title }) => title,
  },
  configColumn('method.name', 'Method', '6rem'),
  {
    key: 'task.dataset',
    title: 'Task',
    width: 'minmax(8rem, 1fr)',
    isNumeric: false,
    text: ({ listing: { config } }) =>
      config.task.kind === 'quadratic'
        ? `quadratic, d = ${formatCount(config.task.dim)}`
        : `${lastPart(config.task.dataset)}, ${lastPart(config.task.model)}`,
  },
  result('accuracy', 'Accuracy', '5.5rem', formatShare),
  result('testLoss', 'Test loss', '5.5rem', formatValue),
  result('bytes', 'Bytes', '5.5rem', formatBytes),
  result('rounds', 'Rounds', '5rem', formatCount),
  result('seconds', 'Time', '5.5rem', (seconds) => formatDuration(seconds * 1000)),
  {
    key: 'created',
    title: 'Started',
    width: '9.5rem',
    isNumeric: false,
    text: ({ created }) => dates.format(created),
  },
  {
    key: 'tags',
    title: 'Tags',
    width: 'minmax(5rem, 1fr)',
    isNumeric: false,
    text: ({ listing }) => listing.notes.tags.join(', '),
  },
]

function configColumn(key: string, title = key, width = '6rem'): RunColumn {
  return {
    key,
    title,
    width,
    isNumeric: false,
    text: (row) => String(row.values.get(key) ?? '–'),
  }
}

/** The fixed columns with chosen config keys before the results. */
export function columnsOf(chosen: readonly string[]): RunColumn[] {
  const own = chosen.map((key) => configColumn(key, key.split('.').at(-1), 'minmax(5rem, 0.6fr)'))
  return [...fixed.slice(0, 3), ...own, ...fixed.slice(3)]
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

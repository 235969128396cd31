/** The columns of the library: fixed ones, and any setting that is to have one. */
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatValue,
} from '../../../figures/index.ts'
import {
  factsOfTask,
  hasSamples,
  methodTitle,
  settingHeading,
  wordFor,
} from '../../../core/config/index.ts'
import type { ConfigValue } from '../../../core/runs/index.ts'
import type { LibraryRow } from '../../library/libraryRow.ts'

export interface RunColumn {
  readonly key: string
  readonly title: string
  readonly width: string
  readonly isNumeric: boolean
  /** Whether the best, or what is looked for first, is the largest. */
  readonly isBestLarge?: boolean
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
  isBestLarge = false,
): RunColumn {
  return {
    key,
    title,
    width,
    isNumeric: true,
    isBestLarge,
    text: (row) => {
      const value = numberOf(row, key)
      return value === undefined ? '–' : format(value)
    },
  }
}

/** What a run is, and what it came to: in sight beside any number of settings. */
const first: readonly RunColumn[] = [
  {
    key: 'title',
    title: 'Name',
    width: '',
    isNumeric: false,
    text: ({ title }) => title,
  },
  {
    key: 'method.name',
    title: 'Method',
    width: '6rem',
    isNumeric: false,
    text: ({ listing: { config } }) => methodTitle(config.method.name),
  },
  result('accuracy', 'Accuracy', '5.75rem', formatShare, true),
  result('testLoss', 'Test loss', '5.75rem', formatValue),
  result('bytes', 'Bytes', '5rem', formatBytes),
]

const last: readonly RunColumn[] = [
  {
    key: 'task.dataset',
    title: 'Task',
    width: 'minmax(8rem, 1fr)',
    isNumeric: false,
    text: ({ listing: { config, record } }) =>
      hasSamples(config.task)
        ? `${lastPart(config.task.dataset)}, ${lastPart(config.task.model)}`
        : `${factsOfTask(config.task).title}, d = ${formatCount(record.model.dim)}`,
  },
  {
    key: 'rounds',
    title: 'Rounds',
    width: '6.5rem',
    isNumeric: true,
    isBestLarge: true,
    text: ({ listing: { config, record } }) =>
      record.rounds === config.federation.rounds
        ? formatCount(record.rounds)
        : `${formatCount(record.rounds)} of ${formatCount(config.federation.rounds)}`,
  },
  result('seconds', 'Time', '5rem', (seconds) => formatDuration(seconds * 1000)),
  {
    key: 'created',
    title: 'Started',
    width: '9rem',
    isNumeric: false,
    isBestLarge: true,
    text: ({ created }) => dates.format(created),
  },
  {
    key: 'tags',
    title: 'Tags',
    width: 'minmax(4rem, 1fr)',
    isNumeric: false,
    text: ({ listing }) => listing.notes.tags.join(', '),
  },
]

/** The longest name has room, within reason: what makes runs differ stands at the end of it. */
const [leastNameRem, mostNameRem] = [14, 25]
const remPerLetter = 0.42

/** Columns in which a library may have nothing to show: then they take no room. */
const empties: Readonly<Record<string, string>> = { accuracy: '–', tags: '' }

/**
 * The columns of a library: results, then chosen config keys, then the rest.
 * @param rows what they have to show: numbers stand to the right
 */
export function columnsOf(chosen: readonly string[], rows: readonly LibraryRow[]): RunColumn[] {
  const own = chosen.map((key) => ({
    key,
    title: headingOf(key, rows),
    width: `minmax(${Math.max(5, Math.min(9, headingOf(key, rows).length * 0.48 + 1.5))}rem, 0.4fr)`,
    isNumeric: rows.every(({ settings }) => typeof (settings.get(key) ?? 0) === 'number'),
    text: (row: LibraryRow) => valueText(key, row.values.get(key)),
  }))
  const longest = rows.reduce((most, { title }) => Math.max(most, title.length), 0)
  const [name, ...results] = first
  const least = Math.max(leastNameRem, Math.min(mostNameRem, longest * remPerLetter + 1))
  const named = { ...name!, width: `minmax(${least.toFixed(1)}rem, 2.5fr)` }
  const hasSomething = ({ key, text }: RunColumn) =>
    !(key in empties) || rows.some((row) => text(row) !== empties[key])
  return [named, ...results, ...own, ...last].filter(hasSomething)
}

/** A setting in words, as the first run that has it knows it. */
export function headingOf(key: string, rows: readonly LibraryRow[]): string {
  const has = rows.find(({ settings }) => settings.has(key))
  return settingHeading(key, has?.listing.config)
}

function valueText(key: string, value: ConfigValue | undefined): string {
  if (value === undefined) return '–'
  if (typeof value === 'string' && key.endsWith('kind')) return wordFor(key, value)
  return typeof value === 'number' && value >= 1000 && key !== 'seed'
    ? value.toLocaleString('en-US')
    : String(value)
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

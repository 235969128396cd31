/**
 * The order of the library's rows: by any column, missing values last, the newest first among
 * equals.
 */
import type { LibraryRow } from './libraryRow.ts'

export interface RunOrder {
  /** `title`, `created`, a result or a config key. */
  readonly key: string
  readonly isDescending: boolean
}

const collator = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

export function sortRows(
  rows: readonly LibraryRow[],
  { key, isDescending }: RunOrder,
): LibraryRow[] {
  const sign = isDescending ? -1 : 1
  // Keys are read once, not at each of the comparisons.
  const keyed = rows.map((row) => ({ row, value: sortValue(row, key) }))
  keyed.sort((a, b) => {
    if (a.value === undefined || b.value === undefined)
      return (
        Number(a.value === undefined) - Number(b.value === undefined) ||
        b.row.created - a.row.created
      )
    const order =
      typeof a.value === 'number' && typeof b.value === 'number'
        ? a.value - b.value
        : collator.compare(String(a.value), String(b.value))
    return order === 0 ? b.row.created - a.row.created : sign * order
  })
  return keyed.map(({ row }) => row)
}

function sortValue(row: LibraryRow, key: string): string | number | undefined {
  if (key === 'title') return row.title
  if (key === 'created') return row.created
  if (key === 'tags') return row.listing.notes.tags.join(' ') || undefined
  const value = row.values.get(key)
  return typeof value === 'boolean' ? Number(value) : value
}

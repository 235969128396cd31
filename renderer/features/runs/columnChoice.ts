/** Which settings have a column in the library: those that vary, and those that a person wants. */
import { settingsApart } from '../../../core/runs/index.ts'
import { resultKeys, type LibraryRow } from '../../library/libraryRow.ts'

export interface ColumnChoice {
  readonly added: readonly string[]
  readonly hidden: readonly string[]
}

/** More settings than this vary only in a library of many studies: the most important are shown. */
const mostByThemselves = 6

/** What has a column anyway, or says nothing beside those. */
const told = new Set([
  ...['method.name', 'task.kind', 'task.dataset', 'task.model', 'federation.rounds'],
  ...resultKeys,
])

export function chosenColumns(
  rows: readonly LibraryRow[],
  { added, hidden }: ColumnChoice,
): string[] {
  const varying = settingsApart(rows.map(({ settings }) => settings))
    .filter((key) => !told.has(key) && !hidden.includes(key) && !added.includes(key))
    .slice(0, mostByThemselves)
  return [...varying, ...added]
}

/** The names of a table's columns, made from its first row: the same for numbers and texts. */
import { isUnnamed } from './rowNumbers.ts'

/**
 * The header as wide as the rows below it. Rows with one cell more have row names in front, as R
 * writes them, or a delimiter behind their last cell; a header with an empty cell more has such a
 * delimiter itself.
 *
 * @param rows the first rows below the header
 */
export function fitWidths(
  header: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  const width = header.length
  if (rows.length === 0) return header
  const all = (length: number) => rows.every((row) => row.length === length)
  if (all(width + 1))
    return rows.every((row) => row[width]!.trim() === '') ? [...header, ''] : ['', ...header]
  return all(width - 1) && header[width - 1] === '' ? header.slice(0, -1) : header
}

export interface ColumnNames {
  /** All different; `column N` (one-based) where there is no name. */
  readonly columns: readonly string[]
  /** Whether the file gives the column no name of its own. */
  readonly isUnnamed: readonly boolean[]
}

/** @param header trimmed */
export function nameColumns(header: readonly string[]): ColumnNames {
  return {
    columns: header.map((name, index) => (isUnnamed(name) ? `column ${index + 1}` : name)),
    isUnnamed: header.map(isUnnamed),
  }
}

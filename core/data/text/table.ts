/**
 * Tables of texts: named columns, one example per row, whatever file they came from. Cells are
 * text; the template gives them meaning.
 */
import { HisoError } from '../../base/index.ts'
import { suggestion } from '../../config/index.ts'

export interface TextTable {
  /** The file, for messages. */
  readonly name: string
  readonly columns: readonly string[]
  readonly count: number
  /** Rows of the file before these. */
  readonly firstRow: number
  /** How the file was understood where that is not plain, for people. */
  readonly notices: readonly string[]
  /**
   * The cells of one column, in row order. @throws HisoError DATA_INVALID if the column does not
   * exist
   */
  column(name: string): readonly string[]
}

/** A table from columns of equal length. */
export function createTable(
  name: string,
  columns: ReadonlyMap<string, readonly string[]>,
  {
    firstRow = 0,
    isLast = true,
    notices = [],
  }: {
    readonly firstRow?: number
    readonly notices?: readonly string[]
    /** Whether no rows follow, in which other columns might begin. */
    readonly isLast?: boolean
  } = {},
): TextTable {
  const names = [...columns.keys()]
  const count = columns.get(names[0] ?? '')?.length ?? 0
  return {
    name,
    columns: names,
    count,
    firstRow,
    notices,
    column(wanted) {
      const cells = columns.get(wanted)
      if (cells !== undefined) return cells
      throw missingColumn(name, wanted, names, isLast ? undefined : firstRow + count)
    },
  }
}

/** @param looked rows that were examined, if there are more */
function missingColumn(
  name: string,
  column: string,
  others: readonly string[],
  looked: number | undefined,
): HisoError {
  const near = suggestion(column, others) ?? others.find((it) => it.startsWith(`${column}.`))
  const late =
    looked === undefined
      ? ''
      : `. If it begins further down, give it to every row, with "" for an empty value`
  return new HisoError('DATA_INVALID', {
    where: name,
    what: `there is no column "${column}"${looked === undefined ? '' : ` in the first ${looked} rows`}`,
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}It has ${others.join(', ')}; task.columns assigns columns to the template's fields${late}`,
  })
}

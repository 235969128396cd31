/** Tables of texts: named columns, one example per row, whatever file they came from. Cells are text; what they mean is the template's business. */
import { HisoError } from '../../base/index.ts'
import { suggestion } from '../../config/index.ts'

export interface TextTable {
  /** The file, for messages. */
  readonly name: string
  readonly columns: readonly string[]
  readonly count: number
  /** Rows of the file that stand before these. */
  readonly firstRow: number
  readonly unreadable: UnreadableColumns
  /** The cells of one column, in row order. @throws HisoError DATA_INVALID when there is no such column, or its cells are no texts */
  column(name: string): readonly string[]
}

/** Columns that are there but can't be read as text, with what they hold. */
export type UnreadableColumns = ReadonlyMap<string, string>

/** A table from columns of equal length. */
export function createTable(
  name: string,
  columns: ReadonlyMap<string, readonly string[]>,
  {
    unreadable = new Map(),
    firstRow = 0,
  }: { readonly unreadable?: UnreadableColumns; readonly firstRow?: number } = {},
): TextTable {
  const names = [...columns.keys()]
  return {
    name,
    columns: names,
    count: columns.get(names[0] ?? '')?.length ?? 0,
    firstRow,
    unreadable,
    column(wanted) {
      const cells = columns.get(wanted)
      if (cells !== undefined) return cells
      throw unreadable.has(wanted)
        ? nestedColumn(name, wanted, unreadable.get(wanted)!, names)
        : missingColumn(name, wanted, names)
    },
  }
}

function nestedColumn(
  name: string,
  column: string,
  holds: string,
  others: readonly string[],
): HisoError {
  return new HisoError('DATA_INVALID', {
    where: name,
    what: `column "${column}" is nested (it holds ${holds}), and a template needs plain texts or numbers`,
    remedy: `Flatten it when the file is written, or give another column: ${others.join(', ')}`,
  })
}

function missingColumn(name: string, column: string, others: readonly string[]): HisoError {
  const near = suggestion(column, others)
  return new HisoError('DATA_INVALID', {
    where: name,
    what: `there is no column "${column}"`,
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}It has ${others.join(', ')}; task.columns tells which of them the template's fields are`,
  })
}

/** Tables in text files: one sample per row, its class in one column, numbers in all others. */
import Papa from 'papaparse'
import { HisoError } from '../base/index.ts'
import { decodeText, findLayout } from './csvLayout.ts'
import { takeSeparatorHint } from './separatorHint.ts'
import { cellText } from './table/cell.ts'
import { readNumericTable, type NumericTable } from './table/numericTable.ts'

export interface CsvTable extends NumericTable {
  readonly delimiter: string
  /** Whether the file names its columns. */
  readonly header: boolean
}

/**
 * Reads a whole table. Rows in messages are line numbers of the file, counted from 1; rows without
 * any text are skipped.
 *
 * @param bytes unpacked; UTF-8, or UTF-16 with its mark
 * @param file its name, for messages
 * @param labelColumn see `findLayout`
 * @throws HisoError DATA_INVALID for rows of another width and unclosed quotes, and as
 *   `readNumericTable`
 * @throws HisoError CONFIG_INVALID when there is no such label column
 */
export function parseCsv(
  bytes: Uint8Array,
  file: string,
  labelColumn: string | undefined,
): CsvTable {
  const { text, delimiter: hinted } = takeSeparatorHint(decodeText(bytes, file))
  const layout = findLayout(text, file, labelColumn, hinted)
  const { delimiter, header } = layout
  const table = readNumericTable({
    file,
    names: layout.columns,
    isUnnamed: layout.isUnnamed,
    label: layout.label,
    notices: layout.notices,
    eachRow: (visit) => eachRow(text, layout, file, visit),
  })
  return { delimiter, header, ...table }
}

function eachRow(
  text: string,
  { delimiter, header, columns }: ReturnType<typeof findLayout>,
  file: string,
  visit: (cells: readonly string[], row: number) => void,
): void {
  const multiline = text.includes('"')
  let line = 1
  let headerPending = header
  const readRow = (written: readonly string[], problem: string | undefined) => {
    const invalid = (what: string, remedy: string) =>
      new HisoError('DATA_INVALID', { where: file, what: `row ${line}${what}`, remedy })
    if (problem !== undefined)
      throw invalid(` can't be read: ${problem}`, 'Check the quotation marks from that row on')
    const cells = written.map(cellText)
    if (cells.every((cell) => cell === '')) return
    if (headerPending) {
      headerPending = false
      return
    }
    if (cells.length === columns.length) return visit(cells, line)
    throw invalid(
      ` has ${cells.length} cells, but the table has ${columns.length} columns`,
      delimiter === ',' && cells.length > columns.length
        ? 'Complete or remove the row; cells that hold a comma (decimal commas too) stand in quotation marks'
        : 'Complete or remove the row',
    )
  }
  Papa.parse(text, {
    delimiter,
    newline: '\n',
    step({ data, errors }) {
      readRow(data, errors[0]?.message)
      line++
      if (multiline) for (const cell of data) line += cell.split('\n').length - 1
    },
  })
}

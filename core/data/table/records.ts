/** Tables of numbers from files whose rows name their cells: JSON Lines and Parquet. */
import type { Files } from '../../base/index.ts'
import { findLabel } from '../csvLayout.ts'
import { readBatches } from '../text/readTable.ts'
import type { TextTable } from '../text/table.ts'
import type { CellSource } from './numericTable.ts'
import { nameColumns } from './columnNames.ts'

/**
 * @param labelColumn see `findLabel`
 * @throws HisoError DATA_INVALID, FILE_UNREADABLE; CONFIG_INVALID when there is no such column
 */
export async function readRecords(
  file: string,
  labelColumn: string | undefined,
  files: Files,
): Promise<CellSource> {
  const batches: TextTable[] = []
  for await (const table of readBatches(file, files)) batches.push(table)
  const header = [...new Set(batches.flatMap((table) => table.columns))]
  const { columns, isUnnamed } = nameColumns(header)
  return {
    file,
    names: columns,
    isUnnamed,
    label: findLabel(columns, true, labelColumn, file),
    notices: [...new Set(batches.flatMap(({ notices }) => notices))],
    eachRow(visit) {
      for (const table of batches) {
        const cells = header.map((name) =>
          table.columns.includes(name) ? table.column(name) : undefined,
        )
        for (let row = 0; row < table.count; row++)
          visit(
            cells.map((column) => column?.[row]?.trim() ?? ''),
            table.firstRow + row + 1,
          )
      }
    },
  }
}

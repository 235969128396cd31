/** Parquet files as tables of texts, row group by row group: at most one group is in memory. */
import { HisoError, messageOf } from '../../base/index.ts'
import {
  parquetMetadataAsync,
  parquetRead,
  parquetSchema,
  type FileMetaData,
  type SchemaTree,
} from 'hyparquet'
import type { RandomAccess } from '../unpack.ts'
import { GrowingColumns } from './growingColumns.ts'
import { createTable, type TextTable } from './table.ts'

/**
 * @param batch the most rows of a table
 * @returns consecutive tables, at least one
 * @throws HisoError DATA_INVALID for a file that is damaged or compressed in an unknown way
 */
export async function* readParquet(
  file: RandomAccess,
  path: string,
  batch: number,
): AsyncGenerator<TextTable> {
  const metadata = await readingOf(path, () => parquetMetadataAsync(file))
  const flat = parquetSchema(metadata).children.filter(isFlat)
  const columns = new GrowingColumns(flat.map(({ element }) => element.name))
  for (const [start, end, isLast] of stretchesOf(metadata, batch)) {
    const rows: object[] = []
    await readingOf(path, () =>
      parquetRead({
        ...{ file, metadata, rowStart: start, rowEnd: end, rowFormat: 'object' },
        onComplete: (read) => rows.push(...read),
      }),
    )
    for (let from = 0; from === 0 || from < rows.length; from += batch) {
      for (const row of rows.slice(from, from + batch)) columns.add(row)
      yield createTable(path, columns.take(), {
        firstRow: start + from,
        isLast: isLast && from + batch >= rows.length,
      })
    }
  }
}

/** The rows decide the columns of lists and records. */
const isFlat = ({ element, children }: SchemaTree) =>
  children.length === 0 && element.repetition_type !== 'REPEATED'

/** Row groups; stops in the first one after its first batch if nobody needs more. */
function* stretchesOf(
  { row_groups }: FileMetaData,
  batch: number,
): Generator<[start: number, end: number, isLast: boolean]> {
  const rows = row_groups.map(({ num_rows }) => Number(num_rows)).filter((count) => count > 0)
  const total = rows.reduce((sum, count) => sum + count, 0)
  let start = Math.min(batch, rows[0] ?? 0)
  yield [0, start, start === total]
  let end = 0
  for (const count of rows) {
    end += count
    if (end > start) yield [start, end, end === total]
    start = end
  }
}

async function readingOf<Result>(path: string, read: () => Promise<Result>): Promise<Result> {
  try {
    return await read()
  } catch (cause) {
    if (cause instanceof HisoError) throw cause
    throw new HisoError('DATA_INVALID', {
      where: path,
      what: `can't be read as Parquet: ${messageOf(cause)}`,
      remedy: 'Copy the file again, or write it with snappy or no compression',
      cause,
    })
  }
}

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
import { checkContents, checkPages, checkValueCounts } from './parquetPages.ts'
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
  await checkContents(file, path)
  const metadata = await readingOf(path, () => parquetMetadataAsync(file))
  checkValueCounts(metadata.row_groups, file.byteLength, path)
  const schema = await readingOf(path, async () => parquetSchema(metadata))
  const flat = schema.children.filter(isFlat)
  const columns = new GrowingColumns(flat.map(({ element }) => element.name))
  let checked = 0
  for (const { start, end, isLast, groups } of stretchesOf(metadata, batch)) {
    const rows: object[] = []
    for (; checked < groups; checked++)
      await readingOf(path, () => checkPages(metadata.row_groups[checked]!, file, schema, path))
    await readingOf(path, () =>
      parquetRead({
        ...{ file, metadata, rowStart: start, rowEnd: end, rowFormat: 'object' },
        onComplete: (read) => {
          for (const row of read) rows.push(row)
        },
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

interface Stretch {
  readonly start: number
  readonly end: number
  readonly isLast: boolean
  /** Groups, from the first on, that hold the rows up to its end. */
  readonly groups: number
}

/** Row groups; stops in the first one after its first batch if nobody needs more. */
function* stretchesOf({ row_groups }: FileMetaData, batch: number): Generator<Stretch> {
  const rows = row_groups.map(({ num_rows }) => Number(num_rows))
  const total = rows.reduce((sum, count) => sum + count, 0)
  const first = rows.findIndex((count) => count > 0)
  let start = Math.min(batch, rows[first] ?? 0)
  yield { start: 0, end: start, isLast: start === total, groups: first + 1 }
  let end = 0
  for (const [group, count] of rows.entries()) {
    end += count
    if (end > start) yield { start, end, isLast: end === total, groups: group + 1 }
    start = Math.max(start, end)
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

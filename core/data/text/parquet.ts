/** Parquet files as tables of texts, row group by row group: no more than one of them is held. */
import { HisoError, messageOf } from '../../base/index.ts'
import { parquetMetadataAsync, parquetRead, parquetSchema, type FileMetaData } from 'hyparquet'
import type { RandomAccess } from '../unpack.ts'
import { createTable, type TextTable } from './table.ts'

/**
 * @param batch rows of a table, at most
 * @returns tables of the rows behind each other, at least one
 * @throws HisoError DATA_INVALID for a file that is damaged or compressed in a way that can't be read
 */
export async function* readParquet(
  file: RandomAccess,
  path: string,
  batch: number,
): AsyncGenerator<TextTable> {
  const metadata = await readingOf(path, () => parquetMetadataAsync(file))
  const { names, unreadable } = columnsOf(metadata)
  for (const [start, end] of stretchesOf(metadata, batch)) {
    const rows: (readonly unknown[])[] = []
    await readingOf(path, () =>
      parquetRead({
        ...{ file, metadata, columns: names, rowStart: start, rowEnd: end },
        onComplete: (read) => rows.push(...read),
      }),
    )
    for (let from = 0; from === 0 || from < rows.length; from += batch) {
      const some = rows.slice(from, from + batch)
      const columns = new Map(
        names.map((name, at) => [name, some.map((row) => textOf(row[at] as Cell))]),
      )
      yield createTable(path, columns, { unreadable, firstRow: start + from })
    }
  }
}

/** Row groups; the first one after its first batch, for whoever wants to see no more than that. */
function* stretchesOf({ row_groups }: FileMetaData, batch: number): Generator<[number, number]> {
  const rows = row_groups.map(({ num_rows }) => Number(num_rows)).filter((count) => count > 0)
  let start = Math.min(batch, rows[0] ?? 0)
  yield [0, start]
  let end = 0
  for (const count of rows) {
    end += count
    if (end > start) yield [start, end]
    start = end
  }
}

function columnsOf(metadata: FileMetaData) {
  const names: string[] = []
  const unreadable = new Map<string, string>()
  for (const { element, children } of parquetSchema(metadata).children) {
    if (children.length > 0) {
      const parts = children.map((child) => child.element.name).join(', ')
      unreadable.set(element.name, element.converted_type === 'LIST' ? 'a list' : `parts: ${parts}`)
    } else if (element.repetition_type === 'REPEATED') unreadable.set(element.name, 'a list')
    else names.push(element.name)
  }
  return { names, unreadable }
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

type Cell = string | number | bigint | boolean | Uint8Array | Date | null | undefined

function textOf(value: Cell): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Uint8Array) return new TextDecoder().decode(value)
  return value instanceof Date ? value.toISOString() : String(value)
}

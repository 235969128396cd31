/** Parquet files as tables of texts, row group by row group. */
import { HisoError, messageOf } from '../../base/index.ts'
import { parquetMetadata, parquetRead, parquetSchema } from 'hyparquet'
import { createTable, type TextTable } from './table.ts'

/**
 * @param atMost rows that are read
 * @throws HisoError DATA_INVALID for a file that is damaged or compressed in a way that can't be read
 */
export async function parseParquet(
  bytes: Uint8Array,
  file: string,
  atMost = Infinity,
): Promise<TextTable> {
  const buffer = bytes.slice().buffer
  try {
    const metadata = parquetMetadata(buffer)
    const rowEnd = Math.min(Number(metadata.num_rows), atMost)
    const columns = new Map<string, string[]>()
    const nested = new Map<string, string>()
    for (const { element, children } of parquetSchema(metadata).children) {
      if (children.length > 0) {
        const parts = children.map((child) => child.element.name).join(', ')
        nested.set(element.name, element.converted_type === 'LIST' ? 'a list' : `parts: ${parts}`)
      } else if (element.repetition_type === 'REPEATED') nested.set(element.name, 'a list')
      else columns.set(element.name, [])
    }
    await parquetRead({
      file: buffer,
      metadata,
      columns: [...columns.keys()],
      rowEnd,
      onComplete: (rows) => {
        const lists = [...columns.values()]
        for (const row of rows)
          lists.forEach((cells, index) => cells.push(textOf(row[index] as Cell)))
      },
    })
    return createTable(file, columns, { unreadable: nested })
  } catch (cause) {
    if (cause instanceof HisoError) throw cause
    throw new HisoError('DATA_INVALID', {
      where: file,
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

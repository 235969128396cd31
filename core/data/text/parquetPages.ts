/**
 * Counts in a Parquet file, checked before its library follows them: a run of two billion values
 * takes five bytes to write down. What the file lacks or garbles otherwise, the library refuses.
 */
import { HisoError } from '../../base/index.ts'
import { snappyUncompress, type ColumnChunk, type RowGroup, type SchemaTree } from 'hyparquet'
import type { RandomAccess } from '../unpack.ts'
import { BytesEnded, Cursor, readThrift, type ThriftFields } from './compactThrift.ts'

/** Values that a file may hold in any case, and so many for each of its bytes. */
const FREE_VALUES = 2 ** 18
const VALUES_PER_BYTE = 40
/** What a page of Snappy may unpack to: more than its format can. */
const MOST_TIMES = 64
const FREE_BYTES = 2 ** 16
/** Texts that share their beginnings with those before them, written out. */
const MOST_SHARED_BYTES = 2 ** 28
/** Values of a run beyond those that are wanted; writers fill the last one up. */
const FILLING = 1024

/** In page headers. */
const DATA_PAGE = 0
const DICTIONARY_PAGE = 2
const DATA_PAGE_V2 = 3
const encodings = { plainDictionary: 2, rle: 3, deltaByteArray: 7, rleDictionary: 8 } as const

/**
 * Follows the table of contents at the end of the file once: a list of two billion truth values
 * takes its library no byte.
 * @throws HisoError DATA_INVALID
 */
export async function checkContents(file: RandomAccess, where: string): Promise<void> {
  const end = new Cursor(new Uint8Array(await file.slice(Math.max(0, file.byteLength - 8))))
  // What is too short for it, and what it says of itself otherwise, the library refuses.
  const length = end.remaining < 8 ? 0 : end.uint32()
  const start = file.byteLength - 8 - length
  if (length === 0 || start < 0) return
  try {
    readThrift(new Cursor(new Uint8Array(await file.slice(start, start + length))))
  } catch (error) {
    if (!(error instanceof BytesEnded)) throw error
    throw invalid(where, 'its table of contents is cut short, or garbled')
  }
}

/** @throws HisoError DATA_INVALID if the file claims far more values than such files hold */
export function checkValueCounts(
  groups: readonly RowGroup[],
  fileBytes: number,
  where: string,
): void {
  const most = FREE_VALUES + VALUES_PER_BYTE * fileBytes
  let values = 0
  for (const { num_rows, columns } of groups) {
    const rows = Number(num_rows)
    if (!(rows >= 0)) throw invalid(where, `a group of ${rows} rows`)
    for (const { meta_data } of columns)
      values += Math.max(rows, Number(meta_data?.num_values ?? 0n))
    if (!(values <= most))
      throw invalid(where, `it claims ${values} values, far more than files of its size hold`)
  }
}

/** @throws HisoError DATA_INVALID naming the column whose pages claim what they can't hold */
export async function checkPages(
  { columns, num_rows }: RowGroup,
  file: RandomAccess,
  schema: SchemaTree,
  where: string,
): Promise<void> {
  for (const column of columns) {
    const start = Number(
      column.meta_data?.dictionary_page_offset || column.meta_data?.data_page_offset,
    )
    const length = Number(column.meta_data?.total_compressed_size)
    const name = column.meta_data?.path_in_schema.join('.') ?? ''
    if (!(start >= 0 && length >= 0 && start + length <= file.byteLength))
      throw invalid(where, `its column "${name}" lies outside the file`)
    const bytes = new Uint8Array(await file.slice(start, start + length))
    try {
      checkColumn(column, bytes, schema, Number(num_rows))
    } catch (error) {
      if (error instanceof BytesEnded)
        throw invalid(where, `its column "${name}" is cut short, or garbled`)
      if (!(error instanceof Refusal)) throw error
      throw invalid(where, `a page of its column "${name}" claims ${error.message}`)
    }
  }
}

class Refusal extends Error {}

/** The most levels of nesting of a column's values. */
interface Levels {
  readonly repetition: number
  readonly definition: number
}

function checkColumn(
  { meta_data }: ColumnChunk,
  bytes: Uint8Array,
  schema: SchemaTree,
  rows: number,
): void {
  const { type: valueType, codec, num_values, path_in_schema } = meta_data!
  // The library knows no other one, and says so.
  if (codec !== 'UNCOMPRESSED' && codec !== 'SNAPPY') return
  const levels = levelsOf(schema, path_in_schema)
  const isBoolean = valueType === 'BOOLEAN'
  const most = Number(num_values)
  const cursor = new Cursor(bytes)
  const isFlat = levels.repetition === 0
  let values = 0
  // As the library does: what stands behind the last row of a flat column is not read.
  while (isFlat ? values < rows : cursor.remaining > 1) {
    const header = readThrift(cursor)
    const [unpackedBytes, packedBytes] = [numberIn(header, 2), numberIn(header, 3)]
    if (packedBytes < 0 || packedBytes > cursor.remaining) throw new BytesEnded()
    const packed = bytes.subarray(cursor.at, cursor.at + packedBytes)
    cursor.skip(packedBytes)
    const limit = codec === 'UNCOMPRESSED' ? packedBytes : FREE_BYTES + MOST_TIMES * packedBytes
    if (!(unpackedBytes >= 0 && unpackedBytes <= limit))
      throw new Refusal(`to unpack from ${packedBytes} to ${unpackedBytes} bytes`)
    const type = numberIn(header, 1)
    const unpack = (of: Uint8Array, size: number) => {
      if (codec !== 'SNAPPY') return of
      const out = new Uint8Array(Math.max(0, size))
      snappyUncompress(of, out)
      return out
    }
    if (type === DATA_PAGE)
      values += checkDataPage(
        unpack(packed, unpackedBytes),
        fieldsIn(header, 5),
        levels,
        most,
        isBoolean,
      )
    else if (type === DATA_PAGE_V2)
      values += checkDataPageV2(packed, unpackedBytes, fieldsIn(header, 8), levels, most, unpack)
    else if (type === DICTIONARY_PAGE)
      checkCount(numberIn(fieldsIn(header, 7), 1), 8 * unpackedBytes)
  }
  if (values < rows) throw new Refusal(`${values} values for ${rows} rows`)
}

type Unpack = (bytes: Uint8Array, size: number) => Uint8Array

/** Levels first, each with its length, then the values. @returns how many */
function checkDataPage(
  page: Uint8Array,
  header: ThriftFields,
  { repetition, definition }: Levels,
  most: number,
  isBoolean: boolean,
): number {
  const values = numberIn(header, 1)
  checkCount(values, most)
  const cursor = new Cursor(page)
  for (const level of [repetition, definition]) if (level > 0) checkSized(cursor, level, values)
  const encoding = numberIn(header, 2)
  const isRunsOfPlaces = encoding === encodings.rle && !isBoolean
  checkValues(cursor, isRunsOfPlaces ? encodings.rleDictionary : encoding, values)
  return values
}

/**
 * Levels, whose lengths are in the header, then the values, which alone are packed. @returns how
 * many
 */
function checkDataPageV2(
  packed: Uint8Array,
  unpackedBytes: number,
  header: ThriftFields,
  { repetition, definition }: Levels,
  most: number,
  unpack: Unpack,
): number {
  const [values, nulls] = [numberIn(header, 1), numberIn(header, 2)]
  checkCount(values, most)
  checkCount(nulls, values)
  checkCount(numberIn(header, 3), most)
  const cursor = new Cursor(packed)
  const [definitionBytes, repetitionBytes] = [numberIn(header, 5), numberIn(header, 6)]
  checkCount(definitionBytes + repetitionBytes, packed.length)
  if (repetition > 0) checkRuns(cursor, bitWidth(repetition), values)
  cursor.at = repetitionBytes
  if (definition > 0) checkRuns(cursor, bitWidth(definition), values)
  const rest = packed.subarray(repetitionBytes + definitionBytes)
  const isPacked = header.get(7) !== 0
  const size = unpackedBytes - definitionBytes - repetitionBytes
  checkValues(new Cursor(isPacked ? unpack(rest, size) : rest), numberIn(header, 4), values)
  return values
}

function checkValues(cursor: Cursor, encoding: number, values: number): void {
  switch (encoding) {
    case encodings.plainDictionary:
    case encodings.rleDictionary: {
      const width = cursor.byte()
      if (width > 32) throw new Refusal(`places of ${width} bits in its dictionary`)
      if (width > 0) checkRuns(cursor, width, values)
      return
    }
    case encodings.rle:
      checkSized(cursor, 1, values)
      return
    case encodings.deltaByteArray:
      if (values * cursor.remaining > MOST_SHARED_BYTES)
        throw new Refusal(
          'texts that share their beginnings (DELTA_BYTE_ARRAY), which could fill all memory',
        )
  }
}

/** Runs behind their length. */
function checkSized(cursor: Cursor, most: number, values: number): void {
  const length = cursor.uint32()
  const start = cursor.at
  checkRuns(cursor, bitWidth(most), values)
  cursor.at = start + length
}

/** Runs of one value, and of values in so many bits each. */
function checkRuns(cursor: Cursor, width: number, values: number): void {
  for (let seen = 0; seen < values;) {
    const head = cursor.varint()
    const isRepeated = head % 2 === 0
    const length = isRepeated ? head / 2 : 8 * Math.floor(head / 2)
    if (length > values - seen + FILLING)
      throw new Refusal(`a run of ${length} values where ${values - seen} are left`)
    if (cursor.remaining <= 0) throw new BytesEnded()
    const bytes = isRepeated ? Math.ceil(width / 8) : Math.ceil((width * length) / 8)
    // Some writers leave out what fills the last run up.
    cursor.skip(Math.min(bytes, cursor.remaining))
    seen += length
  }
}

function checkCount(count: number, most: number): void {
  if (!(count >= 0 && count <= most)) throw new Refusal(`${count} values, more than it can hold`)
}

const bitWidth = (value: number) => 32 - Math.clz32(value)

function numberIn(fields: ThriftFields, number: number): number {
  const value = fields.get(number)
  return typeof value === 'number' ? value : 0
}

function fieldsIn(fields: ThriftFields, number: number): ThriftFields {
  const value = fields.get(number)
  return value === undefined || typeof value === 'number' ? new Map() : value
}

function levelsOf(schema: SchemaTree, path: readonly string[]): Levels {
  const levels = { repetition: 0, definition: 0 }
  let at: SchemaTree | undefined = schema
  for (const name of path) {
    at = at.children.find(({ element }) => element.name === name)
    if (at === undefined) throw new BytesEnded()
    const { repetition_type } = at.element
    if (repetition_type === 'REPEATED') levels.repetition++
    if (repetition_type !== 'REQUIRED') levels.definition++
  }
  return levels
}

function invalid(where: string, what: string): HisoError {
  return new HisoError('DATA_INVALID', {
    where,
    what: `can't be read as Parquet: ${what}`,
    remedy: 'It is damaged, or made to take all memory: copy it again, or write it anew',
  })
}

/** Opens a file of examples: JSON Lines, CSV, TSV or Parquet, packed with gzip or not. */
import { HisoError, type Files } from '../../base/index.ts'
import { decodePieces } from '../csvLayout.ts'
import { encodingOf, inUtf8 } from '../textEncoding.ts'
import { headOf, openUnpacked, unpackedPieces } from '../unpack.ts'
import { readDelimited } from './delimited.ts'
import { readJsonLines } from './jsonLines.ts'
import { readParquet } from './parquet.ts'
import type { TextTable } from './table.ts'

/** Rows in memory at a time while reading a whole file. */
const BATCH = 4096
/** Bytes that show the form of the file. */
export const HEAD_BYTES = 2 ** 16

/**
 * The first rows of a file.
 *
 * @param atMost the most rows to read
 * @throws HisoError DATA_NOT_FOUND, DATA_INVALID, FILE_UNREADABLE
 */
export async function readTable(path: string, files: Files, atMost: number): Promise<TextTable> {
  for await (const table of readBatches(path, files, atMost)) return table
  throw new Error('a table without rows was not refused')
}

/**
 * All rows of a file, as consecutive tables.
 *
 * @param batch the most rows of a table
 * @throws HisoError DATA_NOT_FOUND, DATA_INVALID, FILE_UNREADABLE
 */
export async function* readBatches(
  path: string,
  files: Files,
  batch = BATCH,
): AsyncGenerator<TextTable> {
  if ((await files.kind(path)) !== 'file')
    throw new HisoError('DATA_NOT_FOUND', {
      where: path,
      what: 'there is no such file',
      remedy: 'Give the path of a JSON Lines, CSV, TSV or Parquet file',
    })
  const head = await headOf(unpackedPieces(path, files), HEAD_BYTES)
  const pieces = () => unpackedPieces(path, files)
  switch (formOf(head)) {
    case 'parquet':
      yield* readParquet(await openUnpacked(path, files), path, batch)
      return
    case 'jsonList':
      throw new HisoError('DATA_INVALID', {
        where: path,
        what: 'is one JSON list',
        remedy: 'Write it as JSON Lines: one object per line, without brackets around them',
      })
    case 'jsonLines':
      yield* readJsonLines(inUtf8(pieces(), encodingOf(head, path), path), path, batch)
      return
    case 'delimited':
      yield* readDelimited(decodePieces(pieces(), head, path), path, batch)
  }
}

/**
 * Decided by the content, since names can lie: Parquet by its mark, JSON by its first brace or
 * bracket.
 */
export function formOf(head: Uint8Array): 'parquet' | 'jsonLines' | 'jsonList' | 'delimited' {
  if (startsWith(head, 'PAR1')) return 'parquet'
  const first = head.find((byte) => !blanks.has(byte))
  if (first === OPENING_BRACKET) return 'jsonList'
  return first === OPENING_BRACE ? 'jsonLines' : 'delimited'
}

const OPENING_BRACE = 0x7b
const OPENING_BRACKET = 0x5b
/** Space, tab, line ends, the marks of UTF-8 and UTF-16, and the zeros in letters of the latter. */
const blanks = new Set([0x20, 9, 10, 13, 0xef, 0xbb, 0xbf, 0xff, 0xfe, 0])

const startsWith = (bytes: Uint8Array, text: string) =>
  Array.from(text).every((letter, index) => bytes[index] === letter.charCodeAt(0))

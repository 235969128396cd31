/** Opens a file of examples: JSON Lines, CSV, TSV or Parquet, packed with gzip or not. */
import { HisoError, type Files } from '../../base/index.ts'
import { readUnpacked } from '../unpack.ts'
import { parseDelimited } from './delimited.ts'
import { parseJsonLines } from './jsonLines.ts'
import { parseParquet } from './parquet.ts'
import type { TextTable } from './table.ts'

/**
 * The format is told by the content, since names can lie: Parquet by its mark, JSON Lines by the brace that it begins with.
 *
 * @param atMost rows that are kept, for previews
 * @throws HisoError DATA_NOT_FOUND, DATA_INVALID, FILE_UNREADABLE
 */
export async function readTable(path: string, files: Files, atMost = Infinity): Promise<TextTable> {
  if ((await files.kind(path)) !== 'file')
    throw new HisoError('DATA_NOT_FOUND', {
      where: path,
      what: 'there is no such file',
      remedy: 'Give the path of a JSON Lines, CSV, TSV or Parquet file',
    })
  const bytes = await readUnpacked(path, files)
  if (startsWith(bytes, 'PAR1')) return parseParquet(bytes, path, atMost)
  const first = bytes.find((byte) => !blanks.has(byte))
  if (first === OPENING_BRACKET)
    throw new HisoError('DATA_INVALID', {
      where: path,
      what: 'is one JSON list',
      remedy: 'Write it as JSON Lines: one object per line, without brackets around them',
    })
  return first === OPENING_BRACE
    ? parseJsonLines(bytes, path, atMost)
    : parseDelimited(bytes, path, atMost)
}

const OPENING_BRACE = 0x7b
const OPENING_BRACKET = 0x5b
/** Space, tab, line ends and the three bytes of UTF-8's mark. */
const blanks = new Set([0x20, 9, 10, 13, 0xef, 0xbb, 0xbf])

const startsWith = (bytes: Uint8Array, text: string) =>
  Array.from(text).every((letter, index) => bytes[index] === letter.charCodeAt(0))

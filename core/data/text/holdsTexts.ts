/** Whether a path holds texts to learn from, or numbers with a class. */
import { HisoError, type Files } from '../../base/index.ts'
import { decodePieces, findLabel, findLayout } from '../csvLayout.ts'
import { takeSeparatorHint } from '../separatorHint.ts'
import { isNumeric, isTruth } from '../table/cell.ts'
import { headOf, unpackedPieces } from '../unpack.ts'
import { openTables } from './openTables.ts'
import { formOf, HEAD_BYTES, readTable } from './readTable.ts'

/** How many letters of a table are examined. */
const SAMPLE = 2 ** 16
/** How many rows decide. */
const ROWS = 20

/**
 * Numbers may have one column of words: the class, whose values repeat. A further column of words,
 * or a column of sentences that all differ, makes it text. One wrong cell among numbers does not.
 *
 * @param path a file or folder
 * @returns false if it is not clear; the reader of numbers then says what is wrong
 * @throws HisoError FILE_UNREADABLE
 */
export async function holdsTexts(path: string, files: Files): Promise<boolean> {
  try {
    if ((await files.kind(path)) === 'folder') return (await openTables(path, files)) !== undefined
    const head = await headOf(unpackedPieces(path, files), HEAD_BYTES)
    const form = formOf(head)
    if (form === 'jsonList') return true
    if (form !== 'delimited') {
      const table = await readTable(path, files, ROWS)
      const { columns } = table
      const label = findLabel(columns, true, undefined, path)
      return (
        columns.length < 2 ||
        holdWords(
          columns.map((name) => table.column(name)),
          (index) => index === label,
        )
      )
    }
    let sample = ''
    for await (const piece of decodePieces(unpackedPieces(path, files), head, path))
      if ((sample += piece).length >= SAMPLE) break
    const { text, delimiter } = takeSeparatorHint(sample)
    const { columns, label, first } = findLayout(text, path, undefined, delimiter)
    return holdWords(
      columns.map((_, index) => first.map((row) => row[index] ?? '')),
      (index) => index === label,
    )
  } catch (error) {
    if (error instanceof HisoError && error.code.startsWith('DATA_')) return false
    throw error
  }
}

/** @param columns cells of the first rows */
const holdWords = (columns: readonly (readonly string[])[], isLabel: (index: number) => boolean) =>
  columns.some((cells, index) => holdsWords(cells) && (!isLabel(index) || holdsSentences(cells)))

function holdsWords(cells: readonly string[]): boolean {
  const filled = cells.filter((cell) => cell !== '')
  return filled.filter((cell) => !isNumeric(cell) && !isTruth(cell)).length > filled.length / 2
}

const holdsSentences = (cells: readonly string[]) =>
  new Set(cells).size === cells.length &&
  cells.filter((cell) => cell.includes(' ')).length > cells.length / 2

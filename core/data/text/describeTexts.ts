/** What is in a set of texts, column by column: for people who choose a template, and look for the column that holds the label. */
import type { Files } from '../../base/index.ts'
import { openTables } from './openTables.ts'
import type { TextTable } from './table.ts'

export interface TextsSummary {
  readonly title: string
  readonly train: number
  /** 0: there is no file to test with, and a share is held out. */
  readonly test: number
  /** Of the training rows. */
  readonly columns: readonly TextColumn[]
  /** Cells of the first training rows, in the order of the columns. */
  readonly first: readonly (readonly string[])[]
}

export interface TextColumn {
  readonly name: string
  /** Rows in which the cell is not empty. */
  readonly filled: number
  /** Mean number of letters of those. */
  readonly letters: number
  /** What the cells hold, the most frequent first, where that are few different things; undefined elsewhere. */
  readonly values: readonly { readonly value: string; readonly count: number }[] | undefined
}

/** Columns with more different values are texts rather than labels. */
const mostValues = 20
const firstRows = 3

/** @throws HisoError as `openTables` */
export async function describeTexts(dataset: string, files: Files): Promise<TextsSummary> {
  const { title, tables } = await openTables(dataset, files)
  const [train, test] = tables
  const cells = train.columns.map((name) => train.column(name))
  return {
    title,
    train: train.count,
    test: test?.count ?? 0,
    columns: train.columns.map((name) => describeColumn(name, train)),
    first: Array.from({ length: Math.min(firstRows, train.count) }, (_, row) =>
      cells.map((column) => column[row]!),
    ),
  }
}

function describeColumn(name: string, table: TextTable): TextColumn {
  const filled = table.column(name).filter((cell) => cell !== '')
  const counts = new Map<string, number>()
  for (const cell of filled) {
    counts.set(cell, (counts.get(cell) ?? 0) + 1)
    if (counts.size > mostValues) break
  }
  // A handful of rows that all differ tell nothing of labels.
  const isLabel = counts.size <= mostValues && counts.size < filled.length
  return {
    name,
    filled: filled.length,
    letters: filled.reduce((sum, cell) => sum + cell.length, 0) / Math.max(1, filled.length),
    values: isLabel
      ? Array.from(counts, ([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count)
      : undefined,
  }
}

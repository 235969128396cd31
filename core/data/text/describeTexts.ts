/**
 * What a set of texts holds, column by column: for people who choose a template or look for the
 * label column.
 */
import type { Files } from '../../base/index.ts'
import { openTables, type TableSource } from './openTables.ts'

export interface TextsSummary {
  readonly title: string
  readonly train: number
  /** 0 if there is no test file and a share is held out instead. */
  readonly test: number
  /** Of the training rows. */
  readonly columns: readonly TextColumn[]
  /** Cells of the first training rows, in the order of the columns. */
  readonly first: readonly (readonly string[])[]
  /** How the files were understood where that is not plain, for people. */
  readonly notices: readonly string[]
}

export interface TextColumn {
  readonly name: string
  /** Rows with a non-empty cell. */
  readonly filled: number
  /** Their mean number of letters. */
  readonly letters: number
  /** The different cells, the most frequent first; undefined if there are many. */
  readonly values: readonly { readonly value: string; readonly count: number }[] | undefined
}

/** Columns with more different values are texts rather than labels. */
const mostValues = 20
const firstRows = 3

/** @throws HisoError as `openTables` and `readBatches` */
export async function describeTexts(dataset: string, files: Files): Promise<TextsSummary> {
  const { title, tables } = await openTables(dataset, files)
  const [train, test] = await Promise.all(tables.map(describeRows))
  return {
    title,
    train: train!.rows,
    test: test?.rows ?? 0,
    columns: train!.columns,
    notices: [...new Set([...train!.notices, ...(test?.notices ?? [])])],
    first: train!.first.map((cells) => train!.columns.map((_, at) => cells[at] ?? '')),
  }
}

async function describeRows(source: TableSource) {
  const columns = new Map<string, ColumnCount>()
  const first: string[][] = []
  const notices = new Set<string>()
  let rows = 0
  for await (const table of source.batches()) {
    for (const notice of table.notices) notices.add(notice)
    const cells = table.columns.map((name) => table.column(name))
    for (let row = 0; first.length < Math.min(firstRows, rows + table.count); row++)
      first.push(cells.map((column) => column[row]!))
    rows += table.count
    table.columns.forEach((name, at) => {
      let column = columns.get(name)
      if (column === undefined) columns.set(name, (column = new ColumnCount()))
      for (const cell of cells[at]!) column.add(cell)
    })
  }
  return {
    rows,
    first,
    notices,
    columns: Array.from(columns, ([name, count]) => count.summary(name)),
  }
}

/** Counts of a column, collected cell by cell. */
class ColumnCount {
  #filled = 0
  #letters = 0
  readonly #values = new Map<string, number>()

  add(cell: string): void {
    if (cell === '') return
    this.#filled++
    this.#letters += cell.length
    // One more than the limit shows that there are more.
    if (this.#values.size <= mostValues) this.#values.set(cell, (this.#values.get(cell) ?? 0) + 1)
  }

  summary(name: string): TextColumn {
    const filled = this.#filled
    // A handful of rows that all differ say nothing about labels.
    const isLabel = this.#values.size <= mostValues && this.#values.size < filled
    return {
      name,
      filled,
      letters: this.#letters / Math.max(1, filled),
      values: isLabel
        ? Array.from(this.#values, ([value, count]) => ({ value, count })).sort(
            (a, b) => b.count - a.count,
          )
        : undefined,
    }
  }
}

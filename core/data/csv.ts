/** Tables in text files: one sample per row, one column with its class, numbers in all others. */
import Papa from 'papaparse'
import { HisoError } from '../base/index.ts'
import { decodeText, findLayout, hasDecimalComma, isNumber } from './csvLayout.ts'

export interface CsvTable {
  readonly delimiter: string
  /** Whether the file names its columns. */
  readonly header: boolean
  readonly labelColumn: string
  /**
   * The feature columns, in the order of the file; `column N` (one-based) where it has no header.
   */
  readonly columns: readonly string[]
  readonly count: number
  /** count × columns.length, row-major, as in the file. */
  readonly values: Float64Array
  /** Index into `classes` of each row. */
  readonly labels: Int32Array
  /** The distinct labels: ascending numbers if all of them are numbers, else text by code unit. */
  readonly classes: readonly string[]
}

/** What people write where a value is missing. */
const missingMarks = new Set(['', '?', '-', 'na', 'n/a', 'nan', 'null', 'none', 'nil', '#n/a'])

/**
 * Reads a whole table. Rows in messages are line numbers of the file, counted from 1; blank lines
 * are skipped.
 *
 * @param bytes unpacked; UTF-8, or UTF-16 with its mark
 * @param file its name, for messages
 * @param labelColumn see `findLayout`
 * @throws HisoError DATA_INVALID naming file, row and column for missing values, text among
 *   numbers, rows of another width and unclosed quotes; and for a label column that has one value,
 *   or about as many as there are rows
 * @throws HisoError CONFIG_INVALID when there is no such label column
 */
export function parseCsv(
  bytes: Uint8Array,
  file: string,
  labelColumn: string | undefined,
): CsvTable {
  const text = decodeText(bytes, file)
  const layout = findLayout(text, file, labelColumn)
  const names = layout.columns
  const width = names.length - 1
  const features = names.filter((_, column) => column !== layout.label)

  const values = new GrowingValues(width * 1024)
  const labels: number[] = []
  const seen = new Map<string, number>()
  let line = 1
  let headerPending = layout.header

  const readRow = (cells: readonly string[], problem: string | undefined) => {
    const invalid = (what: string, remedy: string) =>
      new HisoError('DATA_INVALID', { where: file, what: `row ${line}${what}`, remedy })
    if (problem !== undefined)
      throw invalid(` can't be read: ${problem}`, 'Check the quotation marks from that row on')
    if (cells.length === 1 && cells[0]!.trim() === '') return
    if (headerPending) {
      headerPending = false
      return
    }
    if (cells.length !== names.length)
      throw invalid(
        ` has ${cells.length} cells, but the table has ${names.length} columns`,
        'Complete or remove the row',
      )
    for (let column = 0; column < cells.length; column++) {
      const cell = cells[column]!.trim()
      const refuse = (what: string, remedy: string) =>
        invalid(`, column "${names[column]}" ${what}`, remedy)
      if (column === layout.label) {
        if (cell === '') throw refuse('has no label', 'Fill it in or remove the row')
        let index = seen.get(cell)
        if (index === undefined) seen.set(cell, (index = seen.size))
        labels.push(index)
      } else {
        if (!isNumber(cell)) throw notANumber(cell, names[column]!, refuse)
        const value = Number(cell)
        if (!Number.isFinite(value))
          throw refuse(`holds ${cell}, which is too large`, 'Change the unit of the column')
        values.push(value)
      }
    }
  }

  const multiline = text.includes('"')
  Papa.parse(text, {
    delimiter: layout.delimiter,
    newline: '\n',
    step({ data, errors }) {
      readRow(data, errors[0]?.message)
      line++
      if (multiline) for (const cell of data) line += cell.split('\n').length - 1
    },
  })

  const label = names[layout.label]!
  if (labels.length === 0)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'has a header but no rows',
      remedy: 'Give a table with one sample per row',
    })
  const { classes, indices } = sortClasses([...seen.keys()])
  refuseUnusableClasses(classes, labels.length, label, file)
  return {
    delimiter: layout.delimiter,
    header: layout.header,
    labelColumn: label,
    columns: features,
    count: labels.length,
    values: values.finish(),
    labels: Int32Array.from(labels, (first) => indices[first]!),
    classes,
  }
}

function notANumber(
  cell: string,
  column: string,
  refuse: (what: string, remedy: string) => HisoError,
): HisoError {
  if (missingMarks.has(cell.toLowerCase()))
    return refuse(
      cell === '' ? 'is empty' : `holds "${cell}", a missing value`,
      'Fill it in or remove the row',
    )
  if (hasDecimalComma(cell))
    return refuse(`holds "${cell}", which is not a number`, 'Write decimals with a point')
  const shown = cell.length > 40 ? `${cell.slice(0, 40)}…` : cell
  return refuse(
    `holds "${shown}", which is not a number`,
    `Correct it; if the column is the class, set task.labelColumn to "${column}"; if it is text to learn from, task.kind is language; else leave the column out`,
  )
}

/**
 * @param labels distinct texts
 * @returns the classes in their order, and for each text the index of its class (1 and 1.0 are one
 *   class)
 */
function sortClasses(labels: readonly string[]): {
  classes: readonly string[]
  indices: readonly number[]
} {
  if (labels.every(isNumber)) {
    const numbers = [...new Set(labels.map(Number))].sort((left, right) => left - right)
    const order = new Map(numbers.map((number, index) => [number, index]))
    return {
      classes: numbers.map(String),
      indices: labels.map((label) => order.get(Number(label))!),
    }
  }
  // The default order of sort() compares code units, so it does not depend on the reader's
  // language.
  const classes = [...labels].sort()
  const order = new Map(classes.map((label, index) => [label, index]))
  return { classes, indices: labels.map((label) => order.get(label)!) }
}

function refuseUnusableClasses(
  classes: readonly string[],
  rows: number,
  label: string,
  file: string,
): void {
  const remedy = 'Choose the column that holds the class with task.labelColumn'
  if (classes.length < 2)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: `the label column "${label}" holds only one class, "${classes[0]}"`,
      remedy,
    })
  if (rows >= 10 && classes.length > rows / 2)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: `the label column "${label}" holds ${classes.length} different values in ${rows} rows, so they are not classes`,
      remedy,
    })
}

/**
 * A list of float64 that doubles its room: tables can have more cells than an ordinary array should
 * hold.
 */
class GrowingValues {
  #values: Float64Array
  #count = 0

  constructor(capacity: number) {
    this.#values = new Float64Array(capacity)
  }

  push(value: number): void {
    if (this.#count === this.#values.length) {
      const larger = new Float64Array(2 * this.#count)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count++] = value
  }

  finish(): Float64Array {
    return this.#values.slice(0, this.#count)
  }
}

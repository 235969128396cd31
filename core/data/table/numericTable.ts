/**
 * Tables of numbers with a class in each row, from cells of text: one set of rules for CSV, TSV,
 * JSON Lines and Parquet.
 */
import { HisoError } from '../../base/index.ts'
import { excerpt, isMissing, isNumber, isTruth, plainText } from './cell.ts'
import { classesOf, refuseUnusableClasses } from './classes.ts'
import {
  ColumnNotation,
  listOf,
  notationNotices,
  readNumber,
  settleNotations,
} from './numberNotation.ts'
import { tellsClass } from './giveaways.ts'
import { countsRows, enumeratesRows, numbersRows } from './rowNumbers.ts'
import { standInOf } from './standIns.ts'

/** The rows of a table, gone through from the start as often as needed. */
export interface CellSource {
  /** For messages. */
  readonly file: string
  /** Names of all columns, the label's too. */
  readonly names: readonly string[]
  /** Whether the file gives the column no name of its own. */
  readonly isUnnamed: readonly boolean[]
  /** Zero-based. */
  readonly label: number
  /** What was decided while the layout was found, for people. */
  readonly notices: readonly string[]
  /** @param visit gets the trimmed cells of a row and its number for messages */
  eachRow(visit: (cells: readonly string[], row: number) => void): void
}

export interface NumericTable {
  readonly labelColumn: string
  /** The feature columns, in the order of the file. */
  readonly columns: readonly string[]
  readonly count: number
  /** count × columns.length, row-major, as in the file. */
  readonly values: Float64Array
  /** Index into `classes` of each row. */
  readonly labels: Int32Array
  readonly classes: readonly string[]
  /** How cells and columns were understood where that is not plain, for people. */
  readonly notices: readonly string[]
}

interface Column {
  readonly name: string
  readonly at: number
  readonly notation: ColumnNotation
  empty: number
  firstEmpty: number
  /** How many cells hold true or false. */
  truths: number
  /** The first whole number with more digits than a number holds. */
  rounded: string | undefined
}

/**
 * @throws HisoError DATA_INVALID naming file, row and column for missing values, text among
 *   numbers and numbers that can be read in two ways; and for a label column that has one value,
 *   or about as many as there are rows
 */
export function readNumericTable(source: CellSource): NumericTable {
  const { file, names, label } = source
  const columns = names.flatMap((name, at): Column[] =>
    at === label
      ? []
      : [
          {
            ...{ name, at, notation: new ColumnNotation() },
            ...{ empty: 0, firstEmpty: 0, truths: 0, rounded: undefined },
          },
        ],
  )
  const values = new GrowingValues(columns.length * 1024)
  const labels: number[] = []
  const seen = new Map<string, number>()
  source.eachRow((cells, row) => {
    labels.push(labelIndex(cells[label]!, seen, () => refuse(file, row, names[label]!)))
    for (const column of columns) values.push(plainValue(cells[column.at]!, column, row, file))
  })
  const labelColumn = names[label]!
  if (labels.length === 0)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: 'has a header but no rows',
      remedy: 'Give a table with one sample per row',
    })
  const { classes, indices, notices } = classesOf([...seen.keys()])
  refuseUnusableClasses(classes, labels.length, labelColumn, file)
  const truths = [
    ...truthNotices(columns, labels.length, file),
    ...columns.flatMap(roundingNotices),
  ]
  const read = withNotations(source, columns, values.finish(), labels.length)
  const kept = chooseColumns(source, columns, read.values, labels)
  return {
    labelColumn,
    columns: kept.names,
    count: labels.length,
    values: kept.values,
    labels: Int32Array.from(labels, (first) => indices[first]!),
    classes,
    notices: [
      ...source.notices,
      ...twinNotices(source),
      ...headerNotices(source, labels, [...seen.keys()]),
      ...read.notices,
      ...truths,
      ...kept.notices,
      ...notices,
    ],
  }
}

/** In more rows than these it is no chance that a class is alone, or has one value. */
const fewRows = 10

/** What is said where a first row of numbers may be one of names. */
function headerNotices(
  { isUnnamed, label, names }: CellSource,
  labels: readonly number[],
  classes: readonly string[],
): string[] {
  const isAlone = isUnnamed.every(Boolean) && labels.length > fewRows && !labels.includes(0, 1)
  if (!isAlone || labels.length === new Set(labels).size) return []
  return [
    `Only the first row has the class "${excerpt(classes[0]!)}" in ${names[label]!}: it is taken as a sample. If it names the columns, begin each name with a letter.`,
  ]
}

/** What is said where several columns have one name: each is a feature of its own. */
function twinNotices({ names, isUnnamed }: CellSource): string[] {
  const places = new Map<string, number[]>()
  names.forEach((name, at) => {
    if (!isUnnamed[at]) places.set(name, [...(places.get(name) ?? []), at + 1])
  })
  return Array.from(places, ([name, at]) => ({ name, at }))
    .filter(({ at }) => at.length > 1)
    .map(
      ({ name, at }) =>
        `${at.length} columns are called "${excerpt(name)}" (columns ${at.join(', ')}); each is read for itself.`,
    )
}

type Refuse = (what: string, remedy: string) => HisoError

const refuse =
  (file: string, row: number, column: string): Refuse =>
  (what, remedy) =>
    new HisoError('DATA_INVALID', {
      where: file,
      what: `row ${row}, column "${excerpt(column)}" ${what}`,
      remedy,
    })

function labelIndex(cell: string, seen: Map<string, number>, refused: () => Refuse): number {
  if (cell === '') throw refused()('has no label', 'Fill it in or remove the row')
  let index = seen.get(cell)
  if (index === undefined) seen.set(cell, (index = seen.size))
  return index
}

/** The number in a cell; NaN where the whole column has to be known first. */
function plainValue(cell: string, column: Column, row: number, file: string): number {
  const text = isNumber(cell) ? cell : plainText(cell)
  if (isNumber(text)) {
    column.notation.seePlain(text)
    const value = Number(text)
    if (isRounded(text, value)) column.rounded ??= text
    if (Number.isFinite(value)) return value
    throw refuse(
      file,
      row,
      column.name,
    )(`holds ${excerpt(cell)}, which is too large`, 'Change the unit of the column')
  }
  if (cell === '') {
    if (column.empty++ === 0) column.firstEmpty = row
    return NaN
  }
  if (isTruth(cell)) {
    column.truths++
    return cell.toLowerCase() === 'true' ? 1 : 0
  }
  if (column.notation.see(cell)) return NaN
  throw notANumber(cell, column.name, refuse(file, row, column.name))
}

/** Whether a whole number is another one when it is read. */
function isRounded(text: string, value: number): boolean {
  return (
    text.length > 15 &&
    Number.isFinite(value) &&
    /^[+-]?\d+$/.test(text) &&
    BigInt(text.replace('+', '')) !== BigInt(value)
  )
}

function roundingNotices({ name, rounded }: Column): string[] {
  if (rounded === undefined) return []
  return [
    `Column "${excerpt(name)}" holds whole numbers of more digits than are kept: ${excerpt(rounded)} is read as ${BigInt(Number(rounded))}. If it names the rows, leave it out of the file.`,
  ]
}

function notANumber(cell: string, column: string, refused: Refuse): HisoError {
  if (isMissing(cell))
    return refused(`holds "${cell}", a missing value`, 'Fill it in or remove the row')
  if (/^[+-]?(inf|infinity)$/i.test(cell))
    return refused(`holds "${cell}", which is no finite number`, 'Correct it or remove the row')
  if (/^[^\d]{0,2}\s?[\d.,]+\s?[%€$£¥]$|^[€$£¥]\s?[\d.,]+$/.test(cell))
    return refused(`holds "${excerpt(cell)}", a number with a sign`, 'Write the number alone')
  return refused(
    `holds "${excerpt(cell)}", which is not a number`,
    `Correct it; if the column is the class, set task.labelColumn to "${column}"; if it is text to learn from, task.kind is language; else leave the column out`,
  )
}

/** @throws HisoError DATA_INVALID for a column that holds truth values and numbers */
function truthNotices(columns: readonly Column[], count: number, file: string): readonly string[] {
  const found = columns.filter(({ truths }) => truths > 0)
  const mixed = found.find(({ truths, empty }) => truths + empty < count)
  if (mixed !== undefined)
    throw new HisoError('DATA_INVALID', {
      where: file,
      what: `column "${excerpt(mixed.name)}" holds numbers in some rows, and true or false in others`,
      remedy: 'Write it in one way, for instance 1 and 0, or leave the column out',
    })
  const names = found.map(({ name }) => name)
  return names.length === 0 ? [] : [`In ${listOf(names)} true and false are read as 1 and 0.`]
}

/** Goes through the rows once more where a column writes its numbers in a notation of its own. */
function withNotations(
  source: CellSource,
  columns: readonly Column[],
  plain: Float64Array,
  count: number,
): { readonly values: Float64Array; readonly notices: readonly string[] } {
  const filled = columns.filter(({ empty }) => empty < count)
  const names = filled.map(({ name }) => name)
  const found = filled.map(({ notation }) => notation)
  if (found.every(({ example }) => example === undefined)) return { values: plain, notices: [] }
  const notations = settleNotations(found, names, source.file)
  const values = plain.slice()
  let row = 0
  source.eachRow((cells) => {
    filled.forEach(({ at, notation }, index) => {
      if (notation.example === undefined) return
      const cell = cells[at]!
      if (cell !== '')
        values[row * columns.length + columns.indexOf(filled[index]!)] = readNumber(
          cell,
          notations[index]!,
        )
    })
    row++
  })
  return { values, notices: notationNotices(found, names, notations) }
}

/** Leaves out columns without a name that are empty throughout or count the rows. */
function chooseColumns(
  source: CellSource,
  columns: readonly Column[],
  values: Float64Array,
  labels: readonly number[],
): {
  readonly names: string[]
  readonly values: Float64Array
  readonly notices: readonly string[]
} {
  const count = labels.length
  const notices: string[] = []
  const hasNames = source.isUnnamed.some((it) => !it)
  const kept = columns.filter((column, index) => {
    const { name, at, empty, firstEmpty } = column
    const isUnnamed = source.isUnnamed[at]!
    if (empty === count) {
      if (!isUnnamed)
        throw new HisoError('DATA_INVALID', {
          where: source.file,
          what: `column "${name}" is empty in every row`,
          remedy: 'Leave the column out of the file',
        })
      notices.push(
        `The ${place(at, source)} has no name and is empty in every row; it is left out.`,
      )
      return false
    }
    if (empty > 0)
      throw refuse(
        source.file,
        firstEmpty,
        name,
      )(
        empty === 1 ? 'is empty' : `is empty, as in ${empty} of ${count} rows`,
        empty * 2 > count
          ? 'Leave the column out of the file, or fill it in'
          : 'Fill it in or remove the row',
      )
    const cells = Float64Array.from(
      { length: count },
      (_, row) => values[row * columns.length + index]!,
    )
    const counts = countsRows(cells)
    if (isUnnamed && (counts || (hasNames && numbersRows(cells)))) {
      notices.push(
        `The ${place(at, source)} has no name and holds row numbers (${cells.subarray(0, 3).join(', ')}, …); it is left out, as it could give the class away.`,
      )
      return false
    }
    const standIn = standInOf(cells)
    if (standIn !== undefined)
      notices.push(
        `Column "${excerpt(name)}" holds ${standIn.value} in ${standIn.count} rows, far from its other values, and is learned from; if that stands for a missing value, fill it in or remove the rows.`,
      )
    if (count > fewRows && tellsClass(cells, labels))
      notices.push(
        `Column "${excerpt(name)}" has a value of its own for each class and is learned from; if it is the class in other words, leave it out of the file.`,
      )
    if (enumeratesRows(cells))
      notices.push(
        `Column "${name}" ${counts ? 'counts' : 'numbers'} the rows (${cells.subarray(0, 3).join(', ')}, …) and is learned from; if it only numbers them, leave it out of the file.`,
      )
    return true
  })
  if (kept.length === 0)
    throw new HisoError('DATA_INVALID', {
      where: source.file,
      what: `has no column of numbers besides its label ${listOf([source.names[source.label]!])}`,
      remedy: 'Give a table with at least one column of numbers',
    })
  return {
    names: kept.map(({ name }) => name),
    values: kept.length === columns.length ? values : compact(values, columns, kept, count),
    notices,
  }
}

const place = (at: number, { names }: CellSource) =>
  at === 0 ? 'first column' : at === names.length - 1 ? 'last column' : `column ${at + 1}`

function compact(
  values: Float64Array,
  columns: readonly Column[],
  kept: readonly Column[],
  count: number,
): Float64Array {
  const from = kept.map((column) => columns.indexOf(column))
  const out = new Float64Array(count * kept.length)
  for (let row = 0; row < count; row++)
    from.forEach(
      (index, at) => (out[row * kept.length + at] = values[row * columns.length + index]!),
    )
  return out
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
      const larger = new Float64Array(Math.max(1024, 2 * this.#count))
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#count++] = value
  }

  finish(): Float64Array {
    return this.#values.slice(0, this.#count)
  }
}

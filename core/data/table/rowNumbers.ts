/**
 * Columns that count the rows: what pandas, R and spreadsheets write beside a table. In a file that
 * is sorted by class they would give the class away.
 */

/** Fewer rows count by chance. */
const leastRows = 5

/** Names that programs give to a column that has none: pandas, readr. */
const madeUpNames = /^(|Unnamed: \d+(_level_\d+)?|\.\.\.\d+)$/

/** Whether a header's cell names nothing. */
export const isUnnamed = (name: string) => madeUpNames.test(name.trim())

/** Whether the values go up by one from row to row, from 0 or 1. */
export function countsRows(values: readonly number[] | Float64Array): boolean {
  const [first] = values
  return (
    values.length >= leastRows &&
    (first === 0 || first === 1) &&
    values.every((value, row) => value === first + row)
  )
}

/** Whether the values are consecutive whole numbers, in any order and from any start. */
export function enumeratesRows(values: readonly number[] | Float64Array): boolean {
  if (!numbersRows(values)) return false
  let least = Infinity
  for (const value of values) least = Math.min(least, value)
  return values.every((value: number) => value - least < values.length)
}

/** Whether the values are whole numbers that all differ, as row numbers of a shuffled table do. */
export function numbersRows(values: readonly number[] | Float64Array): boolean {
  return (
    values.length >= leastRows &&
    values.every((value: number) => Number.isInteger(value) && value >= 0) &&
    new Set(values).size === values.length
  )
}

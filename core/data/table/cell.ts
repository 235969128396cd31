/**
 * What a single cell of a table says, by one set of rules for CSV, TSV, JSON Lines and Parquet:
 * numbers, missing values, labels. How a whole column writes its numbers is `numberNotation.ts`'s
 * business.
 */

const numberForm = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/
const decimalCommaForm = /^[+-]?\d*,\d+(?:[eE][+-]?\d+)?$/

/** Whether a trimmed cell is a decimal number with a point, scientific notation included. */
export const isNumber = (cell: string) => numberForm.test(cell)

/** Thousands apart, a sign of money or a per cent sign: numbers to people, not yet to a program. */
const looseForm = /^[+-]?[€$£¥]?(?:\d{1,3}(?:[ '’.,]\d{3})+(?:[.,]\d+)?|\d*[.,]?\d+)\s?[%€$£¥]?$/

/** Whether people would call it a number. */
export const isNumeric = (cell: string) =>
  isNumber(cell) || decimalCommaForm.test(cell) || looseForm.test(plainText(cell))

/** Whether it is true or false, as programs and spreadsheets write them. */
export const isTruth = (cell: string) => /^(true|false)$/i.test(cell)

/**
 * What a cell holds: without the blanks around it, and without quotation marks that stand behind a
 * blank (`1, "2"`), which readers of CSV take for text.
 */
export function cellText(written: string): string {
  return /^\s+".*"\s*$/s.test(written)
    ? written.trim().slice(1, -1).replaceAll('""', '"').trim()
    : written.trim()
}

/** What people and programs write where a value is missing. */
const missingMarks = new Set(['', '?', '-', 'na', 'n/a', 'nan', 'null', 'none', 'nil', '#n/a'])

/** Whether a trimmed cell stands for a value that is not there. */
export const isMissing = (cell: string) => missingMarks.has(cell.toLowerCase())

/**
 * Codes are texts that look like numbers: `007`, `02116`, or more digits than a number can hold.
 * As numbers they would lose what tells them apart.
 */
export function isCode(label: string): boolean {
  return /^[+-]?0\d/.test(label) || label.replace(/\D/g, '').length > 15
}

const letters = 40

/** A cell as a message shows it: its beginning, where it is long. */
export const excerpt = (text: string) =>
  text.length > letters ? `${text.slice(0, letters)}…` : text

/** A cell with a typographic minus or blanks that do not break, as a keyboard writes it. */
export const plainText = (cell: string) =>
  cell.replace(/\u2212/g, '-').replace(/[\u00a0\u2009\u202f]/g, ' ')

/**
 * The key under which spellings of one label meet: `1`, `1.0` and `1,0`; `true`, `TRUE` and `True`.
 * Codes such as `01` stay what they are.
 */
export function labelKey(label: string): string {
  const text = label.trim()
  if (isTruth(text)) return text.toLowerCase()
  const number = decimalCommaForm.test(text) ? text.replace(',', '.') : text
  // "1,000" may be one or a thousand.
  if (/^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)) return text
  return isNumber(number) && !isCode(number) ? String(Number(number)) : text
}

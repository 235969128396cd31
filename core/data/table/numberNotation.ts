/**
 * How the columns of a table write numbers: with a decimal point or a decimal comma, with or
 * without separators of thousands. Told from all cells of a column; what can be read in two ways is
 * refused, never guessed.
 */
import { HisoError } from '../../base/index.ts'
import { plainText } from './cell.ts'

/** Which sign stands before decimals; the other one, blanks and apostrophes part thousands. */
export type Notation = 'point' | 'comma'

const exponent = String.raw`(?:[eE][+-]?\d+)?`
const blankGroups = String.raw`[1-9]\d{0,2}(?:[ '’]\d{3})+`
const forms = {
  /** Points alone: `1.234.567`; with decimals: `1.234,5`, `1 234,5`; `1,5`, `0,25`, `,5`. */
  comma: new RegExp(
    String.raw`^[+-]?(?:[1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,2}(?:\.\d{3})+,\d+|${blankGroups},\d+|\d*,\d+${exponent})$`,
  ),
  /** `1,234,567`, `12,34,567`, `1,234.5`, `1 234.5`. */
  point: new RegExp(
    String.raw`^[+-]?(?:[1-9]\d{0,2}(?:,\d{3}){2,}|[1-9]\d?(?:,\d{2})+,\d{3}(?:\.\d+)?|[1-9]\d{0,2}(?:,\d{3})+\.\d+|${blankGroups}\.\d+)$`,
  ),
  /** `1 234`, `1'234`: one reading, whatever the decimals look like. */
  blanks: new RegExp(`^[+-]?${blankGroups}$`),
  /** One or a thousand: `1,234`. */
  eitherComma: /^[+-]?[1-9]\d{0,2},\d{3}$/,
  /** In a file with decimal commas: `1.234`. */
  eitherPoint: /^[+-]?[1-9]\d{0,2}\.\d{3}$/,
}

type Form = keyof typeof forms

/** What was seen of one column: an example of each form that needs an explanation. */
export class ColumnNotation {
  readonly #seen = new Map<Form | 'decimalPoint', string>()

  /** @param cell a number with a decimal point, or without decimals */
  seePlain(cell: string): void {
    if (!cell.includes('.')) return
    const form = forms.eitherPoint.test(cell) ? 'eitherPoint' : 'decimalPoint'
    if (!this.#seen.has(form)) this.#seen.set(form, cell)
  }

  /** @returns whether a cell that is no plain number is one of another notation */
  see(cell: string): boolean {
    const text = plainText(cell)
    const form = order.find((it) => forms[it].test(text))
    if (form === undefined) return false
    if (!this.#seen.has(form)) this.#seen.set(form, cell)
    return true
  }

  /** An example of a notation that the column proves. */
  evidence(notation: Notation): string | undefined {
    return (
      this.#seen.get(notation) ??
      (notation === 'point' ? this.#seen.get('decimalPoint') : undefined)
    )
  }

  /** A cell that can be read in two ways. */
  get ambiguous(): string | undefined {
    return this.#seen.get('eitherComma') ?? this.#seen.get('eitherPoint')
  }

  /** A cell that a program would have written differently; undefined where all are plain. */
  get example(): string | undefined {
    return (['comma', 'point', 'eitherComma', 'blanks'] as const)
      .map((form) => this.#seen.get(form))
      .find((it) => it !== undefined)
  }
}

/** A form that both readings share is looked for first. */
const order: readonly Form[] = ['eitherComma', 'comma', 'point', 'blanks']

/**
 * The notation of every column. Where a column does not tell, the others of the file do.
 *
 * @param names of the columns
 * @throws HisoError DATA_INVALID naming the column whose numbers can be read in two ways
 */
export function settleNotations(
  columns: readonly ColumnNotation[],
  names: readonly string[],
  file: string,
): readonly Notation[] {
  const elsewhere = (notation: Notation) =>
    columns.find((it) => it.evidence(notation) !== undefined)?.evidence(notation)
  const [commaInFile, pointInFile] = [elsewhere('comma'), elsewhere('point')]
  return columns.map((column, index) => {
    const [comma, point] = [column.evidence('comma'), column.evidence('point')]
    const refuse = (what: string) =>
      new HisoError('DATA_INVALID', {
        where: file,
        what: `column "${names[index]}" ${what}`,
        remedy: 'Write its numbers with a decimal point and without separators of thousands',
      })
    if (comma !== undefined && point !== undefined)
      throw refuse(
        `mixes two ways to write numbers: "${comma}" has a decimal comma, "${point}" a decimal point or commas between thousands`,
      )
    if (comma !== undefined) return 'comma'
    if (point !== undefined) return 'point'
    const { ambiguous } = column
    if (ambiguous === undefined) return 'point'
    const hasComma = ambiguous.includes(',')
    if (!hasComma && commaInFile === undefined) return 'point'
    if (hasComma && (commaInFile === undefined) !== (pointInFile === undefined))
      return commaInFile === undefined ? 'point' : 'comma'
    const [one, thousand] = readings(ambiguous)
    throw refuse(
      `holds "${ambiguous}", which is ${thousand} with a separator of thousands and ${one} with decimals, and ${
        hasComma
          ? 'nothing in the file tells which'
          : `other columns have decimal commas ("${commaInFile}")`
      }`,
    )
  })
}

const readings = (cell: string) => [cell.replace(',', '.'), cell.replace(/[.,]/, '')] as const

/** @param cell a number in one of the forms, or a plain one */
export function readNumber(cell: string, notation: Notation): number {
  const text = plainText(cell).replace(/[ '’]/g, '')
  if (notation === 'point') return Number(text.replaceAll(',', ''))
  return Number(text.replaceAll('.', '').replace(',', '.'))
}

/** What to tell people of columns whose numbers were not plain, a line for each notation. */
export function notationNotices(
  columns: readonly ColumnNotation[],
  names: readonly string[],
  notations: readonly Notation[],
): string[] {
  return (['comma', 'point'] as const).flatMap((notation) => {
    const found = columns.flatMap((column, index) => {
      const { example } = column
      return notations[index] === notation && example !== undefined
        ? [{ name: names[index]!, example }]
        : []
    })
    const [first] = found
    if (first === undefined) return []
    const list = listOf(found.map(({ name }) => name))
    return [
      `Numbers in ${list} are read ${notation === 'comma' ? 'with a decimal comma' : 'with separators of thousands'}: "${first.example}" is ${readNumber(first.example, notation)}.`,
    ]
  })
}

const shownNames = 5

/** Column names in a sentence. */
export function listOf(names: readonly string[]): string {
  const shown = names.slice(0, shownNames).map((name) => `"${name}"`)
  const rest = names.length - shown.length
  return `${names.length === 1 ? 'column' : 'columns'} ${shown.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`
}

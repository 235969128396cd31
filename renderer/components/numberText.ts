/**
 * Numbers as typed and as shown in a field; no rounding: what is shown reads back as the same
 * number. A separator means what it means where the person lives, or the text is refused: none ever
 * changes a number a thousandfold.
 */

export type DecimalMark = '.' | ','

/** The mark before decimals in a language: `.` or `,`. */
export function decimalMarkOf(language: string | undefined): DecimalMark {
  try {
    const parts = new Intl.NumberFormat(language).formatToParts(1.5)
    return parts.find(({ type }) => type === 'decimal')?.value === ',' ? ',' : '.'
  } catch {
    return '.'
  }
}

/** The person's own. */
const ownDecimalMark = () =>
  decimalMarkOf(typeof navigator === 'undefined' ? undefined : navigator.language)

export interface NumberReading {
  /** Words that are values too, such as auto. */
  readonly words?: readonly string[] | undefined
  /**
   * Whether only whole numbers make sense, so that `5,000` can be nothing but a group of digits.
   */
  readonly integer?: boolean | undefined
  readonly mark?: DecimalMark
}

const blanks = String.raw`[_' \u00a0\u2009\u202f’]`
const grouped = (separator: string) =>
  new RegExp(
    String.raw`^([+-]?[1-9]\d{0,2})((?:${separator}\d{3})+)((?:[.,]\d+)?(?:e[+-]?\d+)?)$`,
    'i',
  )
const plain = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const withComma = /^[+-]?\d*,\d+(?:e[+-]?\d+)?$/i

/**
 * The number in a text, the text itself where it is a known word, no number at all, or one that can
 * be read in two ways.
 */
export function parseNumber(
  text: string,
  { words = [], integer = false, mark = ownDecimalMark() }: NumberReading = {},
): number | string {
  const trimmed = text.trim()
  if (trimmed === '' || words.includes(trimmed)) return trimmed
  const value = readPlain(trimmed.replaceAll('\u2212', '-'), integer, mark)
  return value !== undefined && Number.isFinite(value) ? value : trimmed
}

function readPlain(text: string, integer: boolean, mark: DecimalMark): number | undefined {
  const blank = grouped(blanks).exec(text)
  if (blank !== null) {
    const [, head, groups, end] = blank as unknown as [string, string, string, string]
    return readPlain(head + groups.replace(/\D/g, '') + end, false, mark)
  }
  // In a country of decimal commas 1.234 may be meant as a thousand and more.
  if (plain.test(text)) {
    const isGroup = mark === ',' && /^[+-]?[1-9]\d{0,2}\.\d{3}$/.test(text)
    return isGroup ? undefined : Number(text)
  }
  const separator = mark === ',' ? String.raw`\.` : ','
  const group = grouped(separator).exec(text)
  if (group !== null) {
    const [, head, groups, end] = group as unknown as [string, string, string, string]
    const isSure = integer || groups.length > 4 || end.startsWith(mark)
    if (!isSure || end.startsWith(mark === ',' ? '.' : ',')) return undefined
    return Number(head + groups.replace(/\D/g, '') + end.replace(',', '.'))
  }
  if (mark !== ',' || !withComma.test(text)) return undefined
  // The app itself writes 5,000 for five thousand.
  const isGroup = /^[+-]?[1-9]\d{0,2},\d{3}$/.test(text)
  return isGroup ? undefined : Number(text.replace(',', '.'))
}

/** Counts in groups of three, small fractions as 1e-8, the rest plain. */
export function writeNumber(value: unknown, mark: DecimalMark = ownDecimalMark()): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return ''
  if (Number.isInteger(value) && Math.abs(value) >= 10_000) {
    const text = groupDigits(value)
    return mark === ',' ? text.replaceAll(',', '\u202f') : text
  }
  const text = String(value)
  // 1.234 would be read as more than a thousand: with another digit it can't be.
  return mark === ',' && /^-?[1-9]\d{0,2}\.\d{3}$/.test(text) ? `${text}0` : text
}

export function groupDigits(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 20 })
}

/**
 * Parts of a list: between commas, but not between those inside brackets. Where a comma stands
 * before decimals, one between digits belongs to its number; semicolons part too.
 */
export function splitList(text: string, mark: DecimalMark = ownDecimalMark()): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  Array.from(text).forEach((letter, at, letters) => {
    if ('[{'.includes(letter)) depth++
    if (']}'.includes(letter)) depth--
    const isDecimal = mark === ',' && isDigit(letters[at - 1]) && isDigit(letters[at + 1])
    if (depth === 0 && (letter === ';' || (letter === ',' && !isDecimal))) {
      parts.push(part)
      part = ''
    } else part += letter
  })
  return [...parts, part].map((each) => each.trim()).filter((each) => each !== '')
}

const isDigit = (letter: string | undefined) => letter !== undefined && /\d/.test(letter)

export interface StepOptions {
  readonly up: boolean
  /** Ten times as far. */
  readonly large: boolean
  readonly integer: boolean
  readonly min?: number | undefined
  readonly max?: number | undefined
}

/**
 * The next value: counts by one, everything else along 1, 2, 5, 10, since learning rates and
 * concentrations live on a log scale.
 */
export function stepNumber(
  value: unknown,
  { up, large, integer, min, max }: StepOptions,
): number | undefined {
  if (typeof value !== 'number') return undefined
  const next = integer
    ? value + (up ? 1 : -1) * (large ? 10 : 1)
    : large
      ? round(up ? value * 10 : value / 10)
      : stepOnScale(value, up)
  return Math.min(max ?? Infinity, Math.max(min ?? -Infinity, next))
}

function stepOnScale(value: number, up: boolean): number {
  if (value === 0) return up ? 0.001 : 0
  const magnitude = 10 ** Math.floor(Math.log10(Math.abs(value)) + 1e-9)
  const digit = round(value / magnitude)
  const scale = up ? [1, 2, 5, 10] : [5, 2, 1, 0.5]
  const next = scale.find((candidate) => (up ? candidate > digit : candidate < digit))!
  return round(next * magnitude)
}

function round(value: number): number {
  return Number(value.toPrecision(12))
}

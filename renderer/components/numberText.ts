/**
 * Numbers as typed and as shown in a field; no rounding: what is shown reads back as the same
 * number.
 */

/** The number in a text, the text itself where it is a known word or no number at all. */
export function parseNumber(text: string, words: readonly string[] = []): number | string {
  const trimmed = text.trim()
  if (trimmed === '' || words.includes(trimmed)) return trimmed
  const plain = trimmed.replace(/(?<=\d)[,_  ](?=\d{3}(\D|$))/g, '')
  const value = Number(plain)
  return Number.isFinite(value) ? value : trimmed
}

/** Counts in groups of three, small fractions as 1e-8, the rest plain. */
export function writeNumber(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value !== 'number') return ''
  return Number.isInteger(value) && Math.abs(value) >= 10_000 ? groupDigits(value) : String(value)
}

export function groupDigits(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 20 })
}

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

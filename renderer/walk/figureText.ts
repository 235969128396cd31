/** Figures of a walk as a person reads them, on screen and on paper. */
import { glossary } from '../../core/config/index.ts'
import type { WalkFigure, WalkStep } from '../../core/engine/index.ts'
import { formatCount, type Meaning } from '../../figures/index.ts'

const subscripts = '₀₁₂₃₄₅₆₇₈₉'
export const subscriptDigits = (text: string) =>
  text.replace(/\d/g, (digit) => subscripts[Number(digit)]!)

/** g₃, or x for a figure without indices. */
export function figureName({ symbol, indices }: WalkFigure): string {
  return indices === undefined ? symbol : `${symbol}${subscriptDigits(indices)}`
}

/** A number with the digits that tell it apart: losses differ late. */
export function figureValue({ value, unit }: WalkFigure): string {
  const text =
    typeof value === 'string'
      ? value
      : typeof value === 'number'
        ? numberText(value)
        : listText(value)
  if (unit === undefined) return text
  return `${text} ${value === 1 ? unit.replace(/s$/, '') : unit}`
}

/** Whole numbers to the last digit: a seed is one. */
export function numberText(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return value.toLocaleString('en-US')
  const size = Math.abs(value)
  return size >= 1e-4 && size < 1e6 ? String(Number(value.toPrecision(7))) : value.toExponential(4)
}

/** The first few of a list. */
function listText(values: Float32Array): string {
  const shown = Array.from(values.subarray(0, 4), (value) => Number(value.toPrecision(4)))
  return values.length <= 4
    ? shown.join(', ')
    : `${shown.join(', ')}, … (${formatCount(values.length)})`
}

/** Values by symbol, for formulas. */
export function valuesBySymbol(step: WalkStep): Record<string, string> {
  return Object.fromEntries(step.figures.map((figure) => [figure.symbol, figureValue(figure)]))
}

/** What figures of a walk are that no word of the glossary stands for. */
const ownMeanings: Readonly<Record<string, Omit<Meaning, 'title'>>> = {
  'f(x)': {
    text: 'The mean loss over the minibatch at x.',
    formula: String.raw`f(x) = \frac1B \sum_{n \in B} \ell_n(x)`,
  },
  'f(x + μz)': { text: 'The loss over the same minibatch, a little further along the direction.' },
  'f(x − μz)': { text: 'The loss over the same minibatch, a little back along the direction.' },
  g̃: { text: 'The scalars after damping: what the client goes on with, and sends.' },
  'g sent': { text: 'The scalars that leave the client, in place of what it measured.' },
  c: {
    text: 'The second difference: how the loss bends along this direction.',
    formula: String.raw`c = \frac{f(x + \mu z) - 2 f(x) + f(x - \mu z)}{\mu^2}`,
  },
  '‖ηΔ‖': {
    text: 'How far x moves in this round, as a length over all parameters.',
    formula: String.raw`\sqrt{\textstyle\sum_j (\eta \Delta_j)^2}`,
  },
  '‖xᵣ₊₁ − xᵣ‖': { text: 'How far x moves in this round, as a length over all parameters.' },
  'mean of H': { text: 'The mean of all entries of H after the round.' },
  'largest H': { text: 'The largest entry of H after the round: the steepest coordinate.' },
  trained: { text: 'Parameters that the mask leaves to be trained; the others keep still.' },
  missed: { text: 'Rounds that the client has not applied, since it took part last.' },
  hash: {
    text: 'The first digits of a checksum over x and H: where it is equal, every bit of them is.',
  },
}

const terms = new Map(glossary.map((entry) => [entry.symbol, entry]))

/** What a figure is, for who asks. */
export function figureMeaning({ symbol }: Pick<WalkFigure, 'symbol'>): Meaning | undefined {
  const own = ownMeanings[symbol]
  if (own !== undefined) return { title: symbol, ...own }
  const term = terms.get(symbol)
  if (term === undefined) return undefined
  return {
    title: `${symbol}, ${term.term}`,
    text: term.formula === undefined ? term.meaning : `${term.meaning} ${term.formula}`,
  }
}

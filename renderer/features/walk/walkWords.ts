/** Steps and figures of a walk as a person reads them. */
import type { WalkFigure, WalkStep } from '../../../core/engine/index.ts'
import { formatCount } from '../../components/index.ts'

const subscripts = '₀₁₂₃₄₅₆₇₈₉'
const digits = (text: string) => text.replace(/\d/g, (digit) => subscripts[Number(digit)]!)

/** g₃, or x for a figure without indices. */
export function figureName({ symbol, indices }: WalkFigure): string {
  return indices === undefined ? symbol : `${symbol}${digits(indices)}`
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

/** Steps that belong together on the scrubber. */
export interface StepGroup {
  readonly name: string
  /** Where there is little room. */
  readonly short: string
  readonly from: number
  readonly count: number
}

const placeNames = {
  everyone: 'All',
  server: 'Server',
  client: 'Client',
  down: 'Down',
  up: 'Up',
} as const

export function groupsOf(steps: readonly WalkStep[]): StepGroup[] {
  const groups: StepGroup[] = []
  for (const [index, { place, localStep, perturbation }] of steps.entries()) {
    const [name, short] =
      perturbation !== undefined
        ? [`Direction ${perturbation + 1}`, digits(`z${perturbation + 1}`)]
        : localStep !== undefined
          ? [`Step ${localStep + 1}`, digits(`k${localStep + 1}`)]
          : [placeNames[place], '']
    const last = groups.at(-1)
    if (last?.name === name) groups[groups.length - 1] = { ...last, count: last.count + 1 }
    else groups.push({ name, short, from: index, count: 1 })
  }
  return groups
}

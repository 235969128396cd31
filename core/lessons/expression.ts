/**
 * What a lesson says of its runs: `totalBytes hiso` is a measure of a run, `fedAvgBytes hiso /
 * totalBytes hiso` how many times one is the other. In texts they stand in double braces.
 */
import { suggestion } from '../config/index.ts'
import {
  measureNames,
  measureOf,
  type MeasuredRun,
  type MeasureName,
  type Quantity,
} from './measures.ts'

interface MeasureOfRun {
  readonly measure: MeasureName
  readonly run: string
}

export interface Expression {
  readonly of: MeasureOfRun
  /** What it is divided by. */
  readonly over?: MeasureOfRun
}

const form = /^\s*(\w+)\s+([\w-]+)(?:\s*\/\s*(\w+)\s+([\w-]+))?\s*$/

/**
 * @param runs the names that there are
 * @returns the expression, or what is wrong with it as the end of a sentence
 */
export function readExpression(text: string, runs: readonly string[]): Expression | string {
  const match = form.exec(text)
  if (match === null)
    return `must be a measure and a run, such as "totalBytes ${runs[0] ?? 'hiso'}", or two of them with / between (got ${JSON.stringify(text)})`
  const [, measure, run, otherMeasure, otherRun] = match
  const of = readPart(measure!, run!, runs)
  if (typeof of === 'string') return of
  if (otherMeasure === undefined) return { of }
  const over = readPart(otherMeasure, otherRun!, runs)
  return typeof over === 'string' ? over : { of, over }
}

function readPart(measure: string, run: string, runs: readonly string[]): MeasureOfRun | string {
  if (!isMeasure(measure)) {
    const near = suggestion(measure, measureNames)
    return `names ${measure}, which is no measure${near === undefined ? `; there are ${measureNames.join(', ')}` : `; did you mean ${near}?`}`
  }
  if (runs.includes(run)) return { measure, run }
  const near = suggestion(run, runs)
  return `names the run ${run}, which the lesson does not have${near === undefined ? '' : `; did you mean ${near}?`}`
}

const isMeasure = (word: string): word is MeasureName =>
  (measureNames as readonly string[]).includes(word)

/** Runs that an expression needs. */
export function runsOf({ of, over }: Expression): string[] {
  return over === undefined ? [of.run] : [of.run, over.run]
}

export interface Value {
  readonly value: number
  readonly quantity: Quantity
}

/** @returns undefined while a run that it needs has nothing yet */
export function evaluate(
  { of, over }: Expression,
  runOf: (name: string) => MeasuredRun | undefined,
): Value | undefined {
  const value = valueOf(of, runOf)
  if (over === undefined)
    return value === undefined ? undefined : { value, quantity: measureOf(of.measure).quantity }
  const divisor = valueOf(over, runOf)
  if (value === undefined || divisor === undefined) return undefined
  return { value: value / divisor, quantity: 'ratio' }
}

function valueOf(
  { measure, run }: MeasureOfRun,
  runOf: (name: string) => MeasuredRun | undefined,
): number | undefined {
  const found = runOf(run)
  if (found === undefined) return undefined
  const value = measureOf(measure).read(found)
  return Number.isNaN(value) ? undefined : value
}

/** A text in pieces: words, and what stands in double braces. */
export function piecesOf(
  text: string,
): { readonly text: string; readonly isExpression: boolean }[] {
  return text
    .split(/\{\{([^{}]*)\}\}/)
    .map((piece, at) => ({ text: piece, isExpression: at % 2 === 1 }))
    .filter((piece) => piece.isExpression || piece.text !== '')
}

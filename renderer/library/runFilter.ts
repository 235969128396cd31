/**
 * What is typed above the library: words, and conditions on any config key or result.
 *
 *     hiso fashion  alpha<1  accuracy>=0.8  tag:paper  dataset=mnist  state!=failed
 *
 * A key may be written in full (method.hessian.nu) or by its end (nu). A word that is the state,
 * method, dataset, model or tag of some run means just that; any other is looked for in all texts.
 */
import { parseNumber } from '../components/numberText.ts'
import type { LibraryRow } from './libraryRow.ts'

export interface RunFilter {
  readonly matches: (row: LibraryRow) => boolean
  /** What was not understood, for people. */
  readonly problem?: string
}

const condition = /^([\p{L}][\p{L}\d.]*)(>=|<=|!=|=|:|>|<)(.*)$/u

/** Looks like a number, in whatever digits, signs and separators. */
const numberLike = /^[-+\u2212]?[\p{Nd}.,'’_ \u00a0\u2009\u202f\u066b\u066c]*\p{Nd}$/u

/**
 * @param keys that some run has a value for
 * @param facts states, methods, datasets, models and tags of all runs, in lower case
 */
export function parseFilter(
  text: string,
  keys: ReadonlySet<string>,
  facts: ReadonlySet<string>,
): RunFilter {
  const tests: ((row: LibraryRow) => boolean)[] = []
  let problem: string | undefined
  for (const token of tokens(text)) {
    const [, key, operator, operand] = condition.exec(token) ?? []
    if (key === undefined || operator === undefined || operand === undefined) {
      const word = unquote(token).toLowerCase()
      tests.push(
        facts.has(word) ? (row) => row.facts.has(word) : ({ text: all }) => all.includes(word),
      )
    } else if (operand === '') continue
    else if (key === 'tag' || key === 'tags') tests.push(tagTest(operator, unquote(operand)))
    else {
      const paths = findKeys(key, keys)
      if (paths.length === 0) {
        problem ??= `No run has a value called ${key}.`
        continue
      }
      const test =
        operand.includes(' ') && numberLike.test(operand)
          ? undefined
          : valueTest(operator, unquote(operand))
      if (test === undefined)
        problem ??= numberLike.test(operand)
          ? `${key}${operator}${operand} can be read in two ways, or in none: write digits without separators of thousands.`
          : `${key}${operator} needs a number.`
      else if (operator === '!=')
        tests.push((row) => paths.every((path) => test(row.values.get(path))))
      else tests.push((row) => paths.some((path) => test(row.values.get(path))))
    }
  }
  const matches = (row: LibraryRow) => tests.every((test) => test(row))
  return problem === undefined ? { matches } : { matches, problem }
}

/** Keys that a name means: the one that is it, or all whose end it is. */
export function findKeys(name: string, keys: ReadonlySet<string>): string[] {
  if (keys.has(name)) return [name]
  const lower = name.toLowerCase()
  const found = [...keys].filter((key) => {
    const own = key.toLowerCase()
    return own === lower || own.endsWith(`.${lower}`)
  })
  return found
}

/**
 * Blanks that do not break stand between the thousands of one number, as the app writes them; a
 * space may be meant so.
 */
const blankInNumber = String.raw`(?<=\d)[\u00a0\u2009\u202f](?=\d{3}(?!\d))`
const spaceInNumber = String.raw`(?<=[<>=:][-+\u2212]?\d{1,3}(?: \d{3})*) (?=\d{3}(?:\s|$))`
const token = new RegExp(`(?:[^\\s"]|${blankInNumber}|${spaceInNumber}|"[^"]*"?)+`, 'g')

const tokens = (text: string): string[] => text.match(token) ?? []

function unquote(token: string): string {
  return token.replace(/"/g, '')
}

function tagTest(operator: string, operand: string): (row: LibraryRow) => boolean {
  const wanted = operand.toLowerCase()
  const has = ({ listing }: LibraryRow) =>
    listing.notes.tags.some((tag) => tag.toLowerCase() === wanted)
  return operator === '!=' ? (row) => !has(row) : has
}

type Value = string | number | boolean | undefined

function valueTest(operator: string, operand: string): ((value: Value) => boolean) | undefined {
  const number = readNumber(operand)
  const lower = operand.toLowerCase()
  // A number of which it is not sure which would match nothing without a word.
  if (Number.isNaN(number) && numberLike.test(operand)) return undefined
  const equals = (value: Value) =>
    typeof value === 'number' ? value === number : String(value).toLowerCase() === lower
  switch (operator) {
    case ':':
      return (value) =>
        value !== undefined && (equals(value) || String(value).toLowerCase().includes(lower))
    case '=':
      return (value) => value !== undefined && equals(value)
    case '!=':
      return (value) => !equals(value)
    default:
      if (Number.isNaN(number)) return undefined
      return (value) => typeof value === 'number' && compare(value, operator, number)
  }
}

function compare(value: number, operator: string, bound: number): boolean {
  if (operator === '>') return value > bound
  if (operator === '<') return value < bound
  return operator === '>=' ? value >= bound : value <= bound
}

const factors: Readonly<Record<string, number>> = {
  k: 1e3,
  kb: 1e3,
  m: 1e6,
  mb: 1e6,
  g: 1e9,
  gb: 1e9,
  '%': 0.01,
}

/** 0.5, 1e-3, 80%, 20kB; with a decimal comma where the person lives with one. */
function readNumber(text: string): number {
  const [, digits, unit] =
    /^([-+\u2212\d.,eE'’_ \u00a0\u2009\u202f]+?)\s*(%|[kmg]b?)?$/i.exec(text) ?? []
  const value = digits === undefined ? '' : parseNumber(digits)
  if (typeof value !== 'number') return NaN
  return value * (unit === undefined ? 1 : (factors[unit.toLowerCase()] ?? 1))
}

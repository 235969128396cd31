/** A batch as people write it - seeds, and values for some settings - and the configs that it stands for. */
import { parse, stringify } from 'yaml'
import { checkRunConfig, type RunConfig } from '../../../core/config/index.ts'
import { getAt, lastKey, parentOf, setAt } from '../../config/paths.ts'
import { changeKind, unionAt } from '../../config/unions.ts'

/** A setting that is varied. */
export interface Axis {
  readonly id: number
  readonly path: string
  readonly text: string
}

export interface Combination {
  /** What is varied, with this run's values. */
  readonly values: readonly { readonly path: string; readonly value: unknown }[]
  readonly config: RunConfig | undefined
  /** Why it can't run. */
  readonly problem: string | undefined
}

export const largestBatch = 2000

/** '365..367, 400' as four numbers; a value is YAML. */
export function parseValues(text: string): unknown[] {
  return splitList(text).flatMap((part) => {
    const range = /^(-?\d+)\s*(?:\.\.|–|…)\s*(-?\d+)$/.exec(part)
    if (range === null) return [readValue(part)]
    const [from, to] = [Number(range[1]), Number(range[2])]
    const count = Math.min(largestBatch, Math.abs(to - from) + 1)
    const step = to < from ? -1 : 1
    return Array.from({ length: count }, (_, index) => from + step * index)
  })
}

/** Parts between commas, but not between those inside brackets. */
function splitList(text: string): string[] {
  const parts: string[] = []
  let depth = 0
  let part = ''
  for (const letter of text) {
    if ('[{'.includes(letter)) depth++
    if (']}'.includes(letter)) depth--
    if (letter === ',' && depth === 0) {
      parts.push(part)
      part = ''
    } else part += letter
  }
  return [...parts, part].map((each) => each.trim()).filter((each) => each !== '')
}

function readValue(text: string): unknown {
  try {
    return parse(text) as unknown
  } catch {
    return text
  }
}

/** How many runs a batch has, without making them. */
export function countCombinations(seeds: string, axes: readonly Axis[]): number {
  return [seeds, ...axes.filter(({ path }) => path !== '').map(({ text }) => text)].reduce(
    (product, text) => product * Math.max(1, parseValues(text).length),
    1,
  )
}

/** Every combination, the seed changing fastest, so that a group of seeds is done together. */
export function combinations(base: RunConfig, seeds: string, axes: readonly Axis[]): Combination[] {
  const seedValues = parseValues(seeds)
  const dimensions = [
    ...axes
      .filter(({ path, text }) => path !== '' && parseValues(text).length > 0)
      .map(({ path, text }) => ({ path, values: parseValues(text) })),
    { path: 'seed', values: seedValues.length > 0 ? seedValues : [base.seed] },
  ]
  let rows: Combination['values'][] = [[]]
  for (const { path, values } of dimensions)
    rows = rows
      .flatMap((row) => values.map((value) => [...row, { path, value }]))
      .slice(0, largestBatch)
  return rows.map((values) => combine(base, values))
}

/** Kinds first, since they decide which other settings there are. */
function combine(base: RunConfig, values: Combination['values']): Combination {
  let input: unknown = base
  const ordered = [...values].sort(
    (a, b) => Number(isKind(base, b.path)) - Number(isKind(base, a.path)),
  )
  for (const { path, value } of ordered) {
    const union = unionAt(input, parentOf(path))
    input =
      union?.discriminator === lastKey(path) && union.names.includes(String(value))
        ? setAt(input, union.path, changeKind(input, union, String(value)))
        : setAt(input, path, value)
  }
  const result = checkRunConfig(input)
  if ('config' in result) return { values, config: result.config, problem: undefined }
  const [issue] = result.issues
  return { values, config: undefined, problem: `${issue!.path} ${issue!.message}` }
}

function isKind(base: RunConfig, path: string): boolean {
  const union = path.includes('.') ? unionAt(base, parentOf(path)) : undefined
  return union?.discriminator === lastKey(path)
}

/** A starting point for the values of a setting: what it has now, and its neighbours where they are obvious. */
export function suggestValues(base: RunConfig, path: string): string {
  const value = getAt(base, path)
  const union = path.includes('.') ? unionAt(base, parentOf(path)) : undefined
  if (union?.discriminator === lastKey(path)) return union.names.join(', ')
  if (typeof value === 'boolean') return 'true, false'
  if (typeof value === 'number' && !Number.isInteger(value))
    return [value / 10, value, value * 10].map((each) => Number(each.toPrecision(3))).join(', ')
  return value === undefined ? '' : stringify(value, { collectionStyle: 'flow' }).trim()
}

/**
 * A batch as people write it - seeds, and values for some settings - and the configs that it stands
 * for.
 */
import { parse, stringify } from 'yaml'
import { messageOf } from '../../../core/base/index.ts'
import {
  checkRunConfig,
  getAt,
  joinPath,
  lastKey,
  parentOf,
  type RunConfig,
  setValues,
  whyIdle,
} from '../../../core/config/index.ts'
import { parseNumber, splitList } from '../../components/numberText.ts'
import { bundledNames } from '../../config/usedFields.ts'
import { besideKind, setByHand, unionAt, type Union } from '../../config/unions.ts'

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

/** A number as the person writes it, else YAML; the end of 1,000 stays text, to be refused. */
function readValue(text: string): unknown {
  if (/^0\d+$/.test(text)) return text
  if (/^[-+\d]/.test(text) && /[.,]/.test(text)) return parseNumber(text)
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

/**
 * Every combination, the seed changing fastest, so that a group of seeds is done together. Those
 * that come to the same config, since their method has no such setting, are one.
 * @param bases what is combined with, each with all of the values
 * @param start what the first was made of: what differs from it was set by hand, and stays with
 *   another kind as overrides do
 */
export function combinations(
  bases: readonly [RunConfig, ...RunConfig[]],
  seeds: string,
  axes: readonly Axis[],
  start: RunConfig = bases[0],
): Combination[] {
  const seedValues = parseValues(seeds)
  const dimensions = [
    ...axes
      .filter(({ path, text }) => path !== '' && parseValues(text).length > 0)
      .map(({ path, text }) => ({ path, values: parseValues(text) })),
    { path: 'seed', values: seedValues.length > 0 ? seedValues : [bases[0].seed] },
  ]
  let rows: Combination['values'][] = [[]]
  for (const { path, values } of dimensions)
    rows = rows
      .flatMap((row) => values.map((value) => [...row, { path, value }]))
      .slice(0, largestBatch)
  const all = bases
    .flatMap((base) => rows.map((values) => combine(base, start, values)))
    .slice(0, largestBatch)
  const configs = all.flatMap(({ config }) => config ?? [])
  const useless =
    configs.length === 0
      ? []
      : dimensions.flatMap(({ path }) => whyIdle(configs, path, bundledNames) ?? [])
  if (useless.length > 0)
    return all.map(({ values }) => ({ values, config: undefined, problem: useless[0] }))
  return withoutTwins(all)
}

function withoutTwins(all: readonly Combination[]): Combination[] {
  const seen = new Set<string>()
  return all.filter(({ config }) => {
    if (config === undefined) return true
    const text = JSON.stringify(config)
    return !seen.has(text) && seen.add(text)
  })
}

/** As `--set` does; beside another kind goes what a form puts there. */
function combine(base: RunConfig, start: RunConfig, values: Combination['values']): Combination {
  const besides = values.flatMap(({ path, value }) => {
    const union = kindsAt(base, path)
    if (union === undefined || !union.names.includes(String(value))) return []
    if (getAt(base, path) === value) return []
    const beside = besideKind(base, union, String(value), setByHand(start, base, union))
    return Object.entries(beside).map(([key, own]) => ({
      path: joinPath(union.path, key),
      value: own,
    }))
  })
  const assignments = [...besides, ...values].map(({ path, value }) => ({
    keys: path.split('.'),
    value,
    written: path,
  }))
  try {
    const result = checkRunConfig(setValues(base, assignments))
    if ('config' in result) return { values, config: result.config, problem: undefined }
    const [issue] = result.issues
    return { values, config: undefined, problem: `${issue!.path} ${issue!.message}` }
  } catch (error) {
    // A remembered path may lead into what is a single value in this config.
    return { values, config: undefined, problem: messageOf(error) }
  }
}

/** The kinds that a path tells apart, undefined where it names something else. */
function kindsAt(base: RunConfig, path: string): Union | undefined {
  const union = path.includes('.') ? unionAt(base, parentOf(path)) : undefined
  return union?.discriminator === lastKey(path) ? union : undefined
}

/** Kinds that are suggested all at once. */
const mostSuggested = 4

/**
 * A starting point for the values of a setting: what it has now, and its neighbours where they are
 * obvious.
 */
export function suggestValues(base: RunConfig, path: string): string {
  const value = getAt(base, path)
  const union = kindsAt(base, path)
  // What there is is shown to be ticked: all of many kinds are rarely meant.
  if (union !== undefined)
    return union.names.length <= mostSuggested ? union.names.join(', ') : String(value)
  if (typeof value === 'boolean') return 'true, false'
  if (typeof value === 'number' && !Number.isInteger(value))
    return [value / 10, value, value * 10].map((each) => Number(each.toPrecision(3))).join(', ')
  return value === undefined ? '' : stringify(value, { collectionStyle: 'flow' }).trim()
}

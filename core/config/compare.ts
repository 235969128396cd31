/**
 * `compare:` in a config file: what is played beside it, as changes to the file itself. Each item
 * is laid over the rest of the config, key by key, by the rules of `--set`.
 */
import { HisoError } from '../base/index.ts'
import { setValues, type Assignment } from './setValues.ts'

type Group = Readonly<Record<string, unknown>>

/**
 * The configs that a file stands for, as people wrote them: its own, then one for each item of
 * `compare`.
 * @throws HisoError CONFIG_INVALID
 */
export function configsOf(input: unknown, where: string): readonly unknown[] {
  if (!isGroup(input) || input['compare'] === undefined) return [input]
  const own = withoutCompare(input)
  const { compare } = input
  if (!Array.isArray(compare) || !compare.every(isGroup))
    throw new HisoError('CONFIG_INVALID', {
      where,
      what: 'compare must be a list of changes to this config',
      remedy: 'For example: compare: [{ method: { name: decomfl, learningRate: 0.01 } }]',
    })
  return [own, ...compare.map((changes) => overlay(own, changes, 'compare'))]
}

/**
 * A config with changes laid over it, key by key.
 * @param where what the changes come from, for messages
 * @throws HisoError CONFIG_INVALID
 */
export function overlay(input: unknown, changes: Group, where: string): unknown {
  return setValues(input, assignmentsOf(changes, where))
}

/** The config that a file begins with, without what is played beside it. */
export function withoutCompare(input: unknown): unknown {
  if (!isGroup(input)) return input
  const { compare: _compare, ...own } = input
  return own
}

/** Every single value of the changes, by its path. */
function assignmentsOf(changes: Group, where: string, keys: readonly string[] = []): Assignment[] {
  return Object.entries(changes).flatMap(([key, value]) => {
    const path = [...keys, key]
    return isGroup(value)
      ? assignmentsOf(value, where, path)
      : [{ keys: path, value, written: `${where}: ${path.join('.')}` }]
  })
}

function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * What runs are called: the name of their config, which is the preset's, then what makes each
 * differ from the others of that name. One rule for lists, charts, files and messages.
 */
import { settingPhrase, type RunConfig } from '../config/index.ts'
import { flattenConfig } from './configDifference.ts'
import type { ConfigValue, ConfigValues } from './configValues.ts'
import type { RunRecord } from './record.ts'

export interface NamedRun {
  readonly config: RunConfig
  /** What a person calls it, which takes the place of all else. */
  readonly title?: string | undefined
  /** As its record says it, of a run that shares its first rounds with another. */
  readonly forkedFrom?: RunRecord['forkedFrom']
}

/** Settings that say how a run was played and looked at, not what it is. */
const unspoken = (path: string) =>
  path === 'name' || path.startsWith('compute.') || path.startsWith('evaluation.')

/** What comes first in a name; the seed comes last. */
const importance = ['method.name', 'method.learningRate', 'method', 'split', 'federation', 'task']

/**
 * A value that so large a share of the runs has needs no mention: the others mention theirs. Where
 * methods differ, every run names its own: a name without one reads as if it had none.
 */
const usualShare = 0.8

/**
 * The names of runs, none like another.
 * @param runs in the order in which they came: the second of two equal ones is numbered
 */
export function nameRuns(runs: readonly NamedRun[]): string[] {
  const names = new Array<string>(runs.length)
  const families = new Map<string, number[]>()
  for (const [index, { config }] of runs.entries()) {
    const family = families.get(config.name)
    if (family === undefined) families.set(config.name, [index])
    else family.push(index)
  }
  for (const members of families.values()) {
    const phrases = phrasesApart(members.map((index) => runs[index]!.config))
    for (const [at, index] of members.entries()) {
      const { config, title } = runs[index]!
      const parts = [config.name, ...phrases[at]!, ...forkPhrases(runs[index]!)]
      names[index] = title ?? parts.join(' · ')
    }
  }
  return numbered(names)
}

/** 'forked after 30', and what is otherwise from there on. */
function forkPhrases({ config, forkedFrom }: NamedRun): string[] {
  if (forkedFrom === undefined) return []
  const changes = Object.entries(forkedFrom.changes)
  return [
    `forked after ${forkedFrom.rounds}`,
    ...changes.map(([path, value]) => settingPhrase(path, value, config)),
  ]
}

/**
 * What makes each of some runs differ from the others, most important first: 'DeComFL', 'η 0.01',
 * 'seed 366'.
 */
export function phrasesApart(configs: readonly RunConfig[]): string[][] {
  if (configs.length < 2) return configs.map(() => [])
  const flat = configs.map(flattenConfig)
  const shown = settingsApart(flat)
  const usual = new Map(
    shown
      .filter((path) => path !== 'method.name')
      .map((path) => [path, usualValue(path, flat)] as const),
  )
  return configs.map((config, at) =>
    shown.flatMap((path) => {
      const value = flat[at]!.get(path)
      // What a method does not have needs no mention beside its name.
      return value === undefined || value === usual.get(path)
        ? []
        : [settingPhrase(path, value, config)]
    }),
  )
}

/**
 * The settings that runs do not all have in common, most important first; without those that differ
 * only because the task, the method or the split is of another kind.
 * @param flat each run's values, as `flattenConfig` gives them
 */
export function settingsApart(flat: readonly ConfigValues[]): string[] {
  const [first] = flat
  if (first === undefined) return []
  const found = new Set(flat.flatMap((values) => values.pathsApart(first)))
  const order = (path: string) => {
    if (path === 'seed') return importance.length
    const at = importance.findIndex((start) => path === start || path.startsWith(`${start}.`))
    return at < 0 ? importance.length : at
  }
  return [...found]
    .filter((path) => !unspoken(path) && tells(path, flat))
    .sort((a, b) => order(a) - order(b))
}

/** Whether a setting differs among runs whose task, method and split are of one kind. */
function tells(path: string, flat: readonly ConfigValues[]): boolean {
  const kinds = kindsBehind(path)
  const seen = new Map<string, ConfigValue | undefined>()
  for (const values of flat) {
    const key = kinds.map((kind) => values.get(kind)).join('\n')
    if (seen.has(key) && seen.get(key) !== values.get(path)) return true
    seen.set(key, values.get(path))
  }
  return kinds.length === 0
}

/** The choices that decide which values a setting may have at all. */
function kindsBehind(path: string): string[] {
  if (path === 'method.name' || path === 'seed') return []
  const [group, ...deeper] = path.split('.').slice(0, -1)
  // `federation.attack.scale` hangs on `federation.attack.kind`, too.
  const within = deeper.map((_, at) => [group, ...deeper.slice(0, at + 1), 'kind'].join('.'))
  return ['task.kind', group === 'method' ? 'method.name' : `${group}.kind`, ...within].filter(
    (kind) => kind !== path,
  )
}

/** The value that nearly all runs have; undefined where there is none. */
function usualValue(path: string, flat: readonly ConfigValues[]): ConfigValue | undefined {
  const counts = new Map<ConfigValue | undefined, number>()
  for (const values of flat) {
    const value = values.get(path)
    counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  const [value, count] = [...counts].reduce((most, entry) => (entry[1] > most[1] ? entry : most))
  return count >= usualShare * flat.length ? value : undefined
}

/** The second run of a name is 'name (2)'. */
function numbered(names: readonly string[]): string[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1
    seen.set(name, count)
    return count === 1 ? name : `${name} (${count})`
  })
}

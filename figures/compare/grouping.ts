/** Runs that belong together: equal in all that is compared, different in the seed. */
import { methodTitle, type MethodName, type RunConfig } from '../../core/config/index.ts'
import { configDifferences, flattenConfig, type ConfigValue } from '../../core/runs/index.ts'
import type { ColorToken } from '../model/chartModel.ts'
import { distinctColors } from '../model/colors.ts'

export interface ComparedRun {
  readonly folder: string
  readonly name: string
  readonly config: RunConfig
}

export interface RunGroup {
  /** Stable while the grouping is. */
  readonly key: string
  readonly name: string
  readonly color: ColorToken
  readonly runs: readonly ComparedRun[]
}

/**
 * `auto`: by everything that differs but seeds, names and where it ran. `none`: every run by
 * itself. Else a config key.
 */
export type Grouping = string

/** What makes runs repetitions of each other rather than different things. */
const repeated = (path: string) =>
  path === 'seed' ||
  path === 'name' ||
  path.startsWith('compute.') ||
  path.startsWith('evaluation.')

/** Keys that runs can be grouped by: those in which they differ. */
export function groupingKeys(runs: readonly ComparedRun[]): string[] {
  return configDifferences(runs.map(({ config }) => config))
    .map(({ path }) => path)
    .filter((path) => path !== 'name')
}

export function groupRuns(runs: readonly ComparedRun[], by: Grouping): RunGroup[] {
  const paths =
    by === 'auto'
      ? methodFirst(groupingKeys(runs).filter((path) => !repeated(path)))
      : by === 'none'
        ? []
        : [by]
  const groups = new Map<string, { readonly values: Values; readonly runs: ComparedRun[] }>()
  for (const run of runs) {
    const flat = flattenConfig(run.config)
    const values = paths.map((path) => flat.get(path))
    const key = by === 'none' ? run.folder : JSON.stringify(values)
    const group = groups.get(key)
    if (group !== undefined) group.runs.push(run)
    else groups.set(key, { values, runs: [run] })
  }
  const colors = distinctColors([...groups.values()].map(({ runs: own }) => methodOf(own)))
  const names = by === 'none' ? singleNames(runs) : namesOf(paths, [...groups.values()])
  return [...groups].map(([key, group], at) => ({
    key,
    name: names[at]!,
    color: colors[at]!,
    runs: group.runs,
  }))
}

type Values = readonly (ConfigValue | undefined)[]

/** Settings that a name holds at most where fewer do to tell the groups apart. */
const longestName = 3

/**
 * Names by all that differs; without settings that differ only because the task, the method or the
 * split is of another kind. Groups that differ in much are told apart by the first settings that
 * do, each by as few as it needs.
 */
function namesOf(
  paths: readonly string[],
  groups: readonly { readonly values: Values; readonly runs: readonly ComparedRun[] }[],
): string[] {
  const named = (isShown: (path: string) => boolean) =>
    groups.map(({ values, runs }) =>
      nameOf(
        paths.filter(isShown),
        values.filter((_, at) => isShown(paths[at]!)),
        runs[0]!,
      ),
    )
  const tells = (path: string, at: number) => {
    const kinds = kindsBehind(path).map((kind) => paths.indexOf(kind))
    return groups.some(({ values }) =>
      groups.some(
        (other) =>
          kinds.every((kind) => kind === -1 || other.values[kind] === values[kind]) &&
          other.values[at] !== values[at],
      ),
    )
  }
  const telling = paths.filter(tells)
  const isDistinct = (names: readonly string[]) => new Set(names).size === groups.length
  const short = named((path) => telling.includes(path))
  if (!isDistinct(short)) return named(() => true)
  if (telling.length <= longestName) return short
  const shortest = shortestNames(telling, (shown) => named((path) => shown.includes(path)))
  return isDistinct(shortest) ? shortest : short
}

/** @param named the names of all groups by some of the settings */
function shortestNames(
  paths: readonly string[],
  named: (shown: readonly string[]) => readonly string[],
): string[] {
  const needed: string[] = []
  const steps: (readonly string[])[] = []
  let count = 1
  for (const path of paths) {
    const names = named([...needed, path])
    const { size } = new Set(names)
    if (size === count) continue
    count = size
    needed.push(path)
    steps.push(names)
  }
  const last = steps.at(-1) ?? named(paths)
  return last.map((whole, at) => {
    const unique = steps.find((names) => names.filter((name) => name === names[at]).length === 1)
    return unique?.[at] ?? whole
  })
}

/** The choices that decide which values a setting may have at all. */
function kindsBehind(path: string): string[] {
  if (path === 'method.name') return []
  const group = path.split('.')[0]!
  return ['task.kind', group === 'method' ? 'method.name' : `${group}.kind`].filter(
    (kind) => kind !== path,
  )
}

/** A name begins with what matters most. */
function methodFirst(paths: readonly string[]): string[] {
  return paths.toSorted((a, b) => Number(b === 'method.name') - Number(a === 'method.name'))
}

/** The method of a group, if all of it has the same. */
function methodOf(runs: readonly ComparedRun[]): MethodName | undefined {
  const method = runs[0]?.config.method.name
  return runs.every(({ config }) => config.method.name === method) ? method : undefined
}

const symbols: Readonly<Record<string, string>> = {
  'method.learningRate': 'η',
  'method.hessian.nu': 'ν',
  'method.mu': 'μ',
  'method.perturbations': 'P',
  'split.alpha': 'α',
  'federation.clients': 'M',
  'federation.participants': 'm',
  'federation.localSteps': 'τ',
  'federation.rounds': 'R',
}

/** Settings whose values say by themselves what they are. */
const spoken = new Set(['task.kind', 'task.dataset', 'task.model', 'split.kind'])

function nameOf(paths: readonly string[], values: Values, run: ComparedRun): string {
  const parts = paths.flatMap((path, at) => {
    const value = values[at]
    if (path === 'method.name') return methodTitle(String(value))
    // What a method does not have needs no mention beside its name.
    if (value === undefined) return []
    if (spoken.has(path)) return String(value)
    const symbol = symbols[path]
    return symbol === undefined ? `${shortPath(path)} ${value}` : `${symbol} = ${value}`
  })
  return parts.join(', ') || run.name
}

/** The end of a path; `kind` alone says nothing without what it is the kind of. */
function shortPath(path: string): string {
  const parts = path.split('.')
  return (parts.at(-1) === 'kind' ? parts.at(-2) : parts.at(-1)) ?? path
}

/** Names of single runs; what is called the same is told apart by what differs. */
function singleNames(runs: readonly ComparedRun[]): string[] {
  const paths = groupingKeys(runs)
  const short = runs.map((run) => {
    const flat = flattenConfig(run.config)
    const method = methodTitle(run.config.method.name)
    const seed = paths.includes('seed') ? `, seed ${flat.get('seed')}` : ''
    return `${run.name}, ${method}${seed}`
  })
  return short.map((name, at) => {
    const before = short.slice(0, at).filter((other) => other === name).length
    return before === 0 ? name : `${name} (${before + 1})`
  })
}

/** Runs that belong together: equal in all that is compared, different in the seed. */
import {
  methodTitle,
  settingHeading,
  settingPhrase,
  type MethodName,
  type RunConfig,
} from '../../core/config/index.ts'
import {
  flattenConfig,
  settingsApart,
  type ConfigValue,
  type SeenStatus,
} from '../../core/runs/index.ts'
import type { ColorToken } from '../model/chartModel.ts'
import { distinctColors, series } from '../model/colors.ts'

export interface ComparedRun {
  readonly folder: string
  readonly name: string
  readonly config: RunConfig
  readonly state: SeenStatus | 'paused' | 'loading'
}

type Dash = 'dashed' | 'dotted'

export interface RunGroup {
  /** Stable while the grouping is. */
  readonly key: string
  readonly name: string
  readonly color: ColorToken
  /** Tells it from an earlier group of its colour. */
  readonly dash?: Dash
  /** Those that count: they have come to their end, or are on the way. */
  readonly runs: readonly ComparedRun[]
  /** Those that were stopped before their end: they count nowhere. */
  readonly stopped: readonly ComparedRun[]
  /** Settings other than the seed in which its runs differ: no confidence band covers those. */
  readonly pools: readonly string[]
}

/**
 * `auto`: by everything that differs but seeds, names and where it ran. `none`: every run by
 * itself. Else a config key.
 */
export type Grouping = string

/** Keys that runs can be grouped by: those in which they differ. */
export function groupingKeys(runs: readonly ComparedRun[]): string[] {
  return settingsApart(runs.map(({ config }) => flattenConfig(config)))
}

/** A run that was stopped has not come to what the others are compared in. */
export function isStopped({ state }: ComparedRun): boolean {
  return state === 'stopped' || state === 'interrupted'
}

/**
 * @param countsStopped whether runs that were stopped count as the others do
 * @param titles of runs, by folder: a group of one such run is called by it
 */
export function groupRuns(
  runs: readonly ComparedRun[],
  by: Grouping,
  countsStopped = false,
  titles: ReadonlyMap<string, string> = new Map(),
): RunGroup[] {
  const paths =
    by === 'auto' ? groupingKeys(runs).filter((path) => path !== 'seed') : by === 'none' ? [] : [by]
  const found = new Map<string, { readonly values: Values; readonly runs: ComparedRun[] }>()
  for (const run of runs) {
    const flat = flattenConfig(run.config)
    const values = paths.map((path) => flat.get(path))
    const key = by === 'none' ? run.folder : JSON.stringify(values)
    const group = found.get(key)
    if (group !== undefined) group.runs.push(run)
    else found.set(key, { values, runs: [run] })
  }
  const groups = new Map(inOrder([...found]))
  const colors = distinctColors([...groups.values()].map(({ runs: own }) => methodOf(own)))
  const dashes = dashesOf(colors)
  const names = by === 'none' ? runs.map(({ name }) => name) : namesOf(paths, [...groups.values()])
  const titleOf = ({ runs: [only, ...others] }: Named) =>
    others.length === 0 ? titles.get(only!.folder) : undefined
  return [...groups].map(([key, group], at) => ({
    key,
    name: titleOf(group) ?? names[at]!,
    color: colors[at]!,
    ...(dashes[at] && { dash: dashes[at] }),
    runs: group.runs.filter((run) => countsStopped || !isStopped(run)),
    stopped: group.runs.filter((run) => !countsStopped && isStopped(run)),
    pools: pooled(group.runs),
  }))
}

/** Numbers from the least to the largest, whatever was added first; then words as they came. */
function inOrder<Group extends readonly [string, { readonly values: Values }]>(
  groups: readonly Group[],
): Group[] {
  const came = (at: number, value: Values[number]) =>
    groups.findIndex(([, { values }]) => values[at] === value)
  return groups.toSorted(([, a], [, b]) => {
    const at = a.values.findIndex((value, index) => value !== b.values[index])
    if (at < 0) return 0
    const [first, second] = [a.values[at], b.values[at]]
    if (typeof first !== 'number' && typeof second !== 'number')
      return came(at, first) - came(at, second)
    return (
      (typeof first === 'number' ? first : Infinity) -
      (typeof second === 'number' ? second : Infinity)
    )
  })
}

function pooled(runs: readonly ComparedRun[]): string[] {
  return groupingKeys(runs)
    .filter((path) => path !== 'seed')
    .map((path) => settingHeading(path, runs[0]!.config))
}

/** The second group of a colour is dashed, the third dotted. */
function dashesOf(colors: readonly ColorToken[]): (Dash | undefined)[] {
  const seen = new Map<ColorToken, number>()
  return colors.map((color) => {
    const before = seen.get(color) ?? 0
    seen.set(color, before + 1)
    return [undefined, 'dashed', 'dotted'][before % 3] as Dash | undefined
  })
}

/**
 * Gives those that are drawn together looks of their own: with many groups, the best few may have
 * come to the same colour and dashes. The others keep what they have.
 */
export function tellApart(
  groups: readonly RunGroup[],
  isDrawn: (group: RunGroup) => boolean,
): readonly RunGroup[] {
  const lookOf = ({ color, dash }: Pick<RunGroup, 'color' | 'dash'>) => `${color} ${dash}`
  const kept = new Set<string>()
  const clashing = groups.filter(isDrawn).filter((group) => {
    const isTaken = kept.has(lookOf(group))
    kept.add(lookOf(group))
    return isTaken
  })
  if (clashing.length === 0) return groups
  const free = [undefined, 'dashed' as const, 'dotted' as const]
    .flatMap((dash) => series.map((color) => ({ color, ...(dash && { dash }) })))
    .filter((look) => !kept.has(lookOf(look)))
  return groups.map((group) => {
    const look = clashing.includes(group) ? free.shift() : undefined
    if (look === undefined) return group
    const { dash: _had, ...rest } = group
    return { ...rest, ...look }
  })
}

type Values = readonly (ConfigValue | undefined)[]
type Named = { readonly values: Values; readonly runs: readonly ComparedRun[] }

/** Settings that a name holds at most where fewer do to tell the groups apart. */
const longestName = 3

/**
 * Names by all that differs. Groups that differ in much are told apart by the first settings that
 * do, each by as few as it needs.
 */
function namesOf(paths: readonly string[], groups: readonly Named[]): string[] {
  const named = (isShown: (path: string) => boolean) =>
    groups.map(({ values, runs }) =>
      nameOf(
        paths.filter(isShown),
        values.filter((_, at) => isShown(paths[at]!)),
        runs[0]!,
      ),
    )
  const telling = groups.length > 1 ? paths : []
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

/** The method of a group, if all of it has the same. */
function methodOf(runs: readonly ComparedRun[]): MethodName | undefined {
  const method = runs[0]?.config.method.name
  return runs.every(({ config }) => config.method.name === method) ? method : undefined
}

function nameOf(paths: readonly string[], values: Values, run: ComparedRun): string {
  const parts = paths.flatMap((path, at) => {
    const value = values[at]
    // What a method does not have needs no mention beside its name.
    return value === undefined ? [] : settingPhrase(path, value, run.config)
  })
  return parts.join(' · ') || `${run.config.name} · ${methodTitle(run.config.method.name)}`
}

/** Compares configs: every value under its dotted path, and only those that differ between runs. */
import type { RunConfig } from '../config/index.ts'

/** A config's value at a leaf; lists count as one value. */
export type ConfigValue = string | number | boolean

export interface ConfigDifference {
  /** As in `--set`: `method.hessian.nu` */
  readonly path: string
  /** One per config; undefined if it has no such value. */
  readonly values: readonly (ConfigValue | undefined)[]
}

/** Configs never change, and thousands of them are compared again and again. */
const known = new WeakMap<RunConfig, ReadonlyMap<string, ConfigValue>>()

/** Every value of a config under its dotted path, in the config's order. */
export function flattenConfig(config: RunConfig): ReadonlyMap<string, ConfigValue> {
  const flat = known.get(config) ?? flatten(config)
  known.set(config, flat)
  return flat
}

type Leaf = readonly [path: string, value: ConfigValue]

/** Of a config's sections, which many configs of a library share. */
const knownSections = new WeakMap<object, { readonly key: string; readonly leaves: Leaf[] }>()

function flatten(config: RunConfig): ReadonlyMap<string, ConfigValue> {
  return new Map(Object.entries(config).flatMap(([key, section]) => leavesOf(key, section)))
}

function leavesOf(key: string, section: unknown): readonly Leaf[] {
  if (typeof section !== 'object' || section === null) return leavesUnder(key, section)
  const known = knownSections.get(section)
  if (known?.key === key) return known.leaves
  const leaves = leavesUnder(key, section)
  knownSections.set(section, { key, leaves })
  return leaves
}

function leavesUnder(path: string, value: unknown): Leaf[] {
  if (value === undefined || value === null) return []
  if (Array.isArray(value)) return [[path, value.join(', ')]]
  if (typeof value !== 'object') return [[path, value as ConfigValue]]
  return Object.entries(value).flatMap(([key, inner]) => leavesUnder(`${path}.${key}`, inner))
}

/** The paths at which the configs do not all have the same value. */
export function configDifferences(configs: readonly RunConfig[]): ConfigDifference[] {
  const flat = configs.map(flattenConfig)
  const paths = new Set(flat.flatMap((values) => [...values.keys()]))
  return [...paths]
    .map((path) => ({ path, values: flat.map((values) => values.get(path)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]))
}

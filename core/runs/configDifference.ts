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

function flatten(config: RunConfig): ReadonlyMap<string, ConfigValue> {
  const flat = new Map<string, ConfigValue>()
  const walk = (value: unknown, path: string): void => {
    if (value === undefined || value === null) return
    if (Array.isArray(value)) flat.set(path, value.join(', '))
    else if (typeof value === 'object')
      for (const [key, inner] of Object.entries(value))
        walk(inner, path === '' ? key : `${path}.${key}`)
    else flat.set(path, value as ConfigValue)
  }
  walk(config, '')
  return flat
}

/** The paths at which the configs do not all have the same value. */
export function configDifferences(configs: readonly RunConfig[]): ConfigDifference[] {
  const flat = configs.map(flattenConfig)
  const paths = new Set(flat.flatMap((values) => [...values.keys()]))
  return [...paths]
    .map((path) => ({ path, values: flat.map((values) => values.get(path)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]))
}

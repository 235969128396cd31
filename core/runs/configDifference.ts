/** Compares configs: every value under its dotted path, and only those that differ between runs. */
import type { RunConfig } from '../config/index.ts'
import { ConfigValues, type ConfigValue } from './configValues.ts'

export interface ConfigDifference {
  /** As in `--set`: `method.hessian.nu` */
  readonly path: string
  /** One per config; undefined if it has no such value. */
  readonly values: readonly (ConfigValue | undefined)[]
}

/** Configs never change, and thousands of them are compared again and again. */
const known = new WeakMap<RunConfig, ConfigValues>()

/** Every value of a config under its dotted path, in the config's order. */
export function flattenConfig(config: RunConfig): ConfigValues {
  const flat = known.get(config) ?? ConfigValues.of(config)
  known.set(config, flat)
  return flat
}

/** The paths at which the configs do not all have the same value. */
export function configDifferences(configs: readonly RunConfig[]): ConfigDifference[] {
  const flat = configs.map(flattenConfig)
  const paths = ConfigValues.pathsOf(flat)
  return [...paths]
    .map((path) => ({ path, values: flat.map((values) => values.get(path)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]))
}

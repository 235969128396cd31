/**
 * What a config is played beside, which its file names under `compare`: it follows the config as
 * that is changed, but for what makes it another.
 */
import { stringify } from 'yaml'
import {
  checkRunConfig,
  formatConfig,
  getAt,
  isSame,
  type RunConfig,
  setAt,
  setValues,
} from '../../core/config/index.ts'
import { changesBetween, overrideOf, type Change } from './differences.ts'
import { changeKind, unionAt } from './unions.ts'

/** A config as a preset or a file has it, with the others that this names. */
export interface Compared {
  readonly config: RunConfig
  readonly beside?: readonly RunConfig[]
}

/**
 * The others after the config has become `now`; those that can't be played so are left out. Another
 * method is played alone, as on the command line.
 */
export function besideOf({ config, beside = [] }: Compared, now: RunConfig): RunConfig[] {
  if (now.method.name !== config.method.name) return []
  const changes = changesBetween(config, now)
  return beside.flatMap((other) => {
    const shared = changes.filter((change) => !isOwnOf(other, config, now, change))
    const assignments = shared.map((change) => ({
      keys: change.path.split('.'),
      value: change.value,
      written: overrideOf(change),
    }))
    const result = checkRunConfig(setValues(other, assignments))
    return 'config' in result ? result.config : []
  })
}

/**
 * Whether one of the others has a value of its own where the config is changed: it differs from
 * the config there, or its method means something else by the same setting.
 */
export function isOwnOf(
  other: RunConfig,
  config: RunConfig,
  now: RunConfig,
  { path, value }: Change,
): boolean {
  const method = changeKind(now, unionAt(now, 'method')!, other.method.name)
  if (path.startsWith('method.') && !isSame(getAt({ method }, path), value)) return true
  return changesBetween(config, other).some(
    (own) => isWithin(path, own.path) || isWithin(own.path, path),
  )
}

const isWithin = (path: string, group: string) => path === group || path.startsWith(`${group}.`)

/** As a file that plays the same. */
export function comparedText(config: RunConfig, beside: readonly RunConfig[]): string {
  const compare = beside.map((other) =>
    changesBetween(config, other).reduce<unknown>(
      (item, { path, value }) => setAt(item, path, value),
      {},
    ),
  )
  return formatConfig(config) + (compare.length === 0 ? '' : stringify({ compare }))
}

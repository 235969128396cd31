/**
 * What differs between a draft and the config it started from: for the filtered form, and as
 * overrides of the command line.
 */
import { stringify } from 'yaml'
import {
  getAt,
  isPlainObject,
  isSame,
  joinPath,
  leafPaths,
  type RunConfig,
  setAt,
} from '../../core/config/index.ts'
import { changeKind, defaultAt, unionAt } from './unions.ts'

export interface Difference {
  readonly path: string
  /** undefined: not there. */
  readonly from: unknown
  readonly to: unknown
}

/** Every value that differs, by path. */
export function differences(from: unknown, to: unknown): Difference[] {
  const paths = new Set([...leafPaths(from), ...leafPaths(to)])
  return [...paths]
    .filter((path) => path !== '' && !isSame(getAt(from, path), getAt(to, path)))
    .map((path) => ({ path, from: getAt(from, path), to: getAt(to, path) }))
}

export interface Change {
  readonly path: string
  readonly value: unknown
}

/** As overrides of the command line: `path=value`. */
export function overridesFor(from: RunConfig, to: RunConfig): string[] {
  return changesBetween(from, to).map(overrideOf)
}

export function overrideOf({ path, value }: Change): string {
  return `${path}=${flow(value)}`
}

/**
 * What makes `to` of `from`, by the rules of `--set`: one change per value, but a group whose kind
 * changed is given whole, since the keys of its former kind would be refused. `method` needs no
 * such care: the schema drops what belongs to other methods.
 */
export function changesBetween(from: RunConfig, to: RunConfig): Change[] {
  const changes: Change[] = []
  let reference: unknown = from
  if (from.method.name !== to.method.name) {
    changes.push({ path: 'method.name', value: to.method.name })
    const method = changeKind(from, unionAt(from, 'method')!, to.method.name)
    reference = setAt(from, 'method', method)
  }
  collect(reference, to, '', changes)
  return changes
}

function collect(from: unknown, to: RunConfig, path: string, changes: Change[]): void {
  const value = getAt(to, path)
  const before = getAt(from, path)
  if (isSame(before, value)) return
  if (!isPlainObject(value)) {
    // A key that is taken out can only be its absence: `null` is refused, so the surrounding group
    // was replaced already.
    if (value !== undefined) changes.push({ path, value })
    return
  }
  const union = path === '' ? undefined : unionAt(to, path)
  const kindChanged =
    union !== undefined &&
    path !== 'method' &&
    getAt(before, union.discriminator) !== value[union.discriminator]
  const keyRemoved =
    isPlainObject(before) &&
    Object.keys(before).some((key) => value[key] === undefined && before[key] !== undefined)
  if (path !== '' && path !== 'method' && (kindChanged || keyRemoved)) {
    changes.push({ path, value: withoutDefaults(to, path) })
    return
  }
  for (const key of Object.keys(value)) collect(from, to, joinPath(path, key), changes)
}

/** A group without what its schema would add by itself. */
function withoutDefaults(config: RunConfig, path: string): unknown {
  const value = getAt(config, path)
  if (!isPlainObject(value)) return value
  const union = unionAt(config, path)
  const entries = Object.entries(value)
    .filter(
      ([key, inner]) =>
        inner !== undefined &&
        (key === union?.discriminator || !isSame(inner, defaultAt(config, joinPath(path, key)))),
    )
    .map(([key]) => [key, withoutDefaults(config, joinPath(path, key))])
  return Object.fromEntries(entries)
}

/** A value as YAML on one line. */
function flow(value: unknown): string {
  return stringify(value, { collectionStyle: 'flow', lineWidth: 0, flowCollectionPadding: false })
    .trimEnd()
    .replaceAll('\n', ' ')
}

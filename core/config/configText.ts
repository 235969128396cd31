/** Config files as text: YAML or JSON in, YAML out, and `key.path=value` overrides. */
import { parse, parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { HisoError, messageOf } from '../base/index.ts'
import { parseRunConfig } from './issues.ts'
import { runConfigSchema, type RunConfig } from './runConfig.ts'
import { schemaAt, unionMember } from './schemaWalk.ts'

/**
 * Reads YAML or JSON (which is YAML) into plain data.
 * @throws HisoError CONFIG_UNREADABLE with line and column
 */
export function readConfigText(text: string, where: string): unknown {
  const document = parseDocument(text)
  const [error] = document.errors
  if (error !== undefined) {
    const [line] = error.message.split('\n')
    throw new HisoError('CONFIG_UNREADABLE', {
      where,
      what: `this is not valid YAML or JSON: ${line!.replace(/:$/, '')}`,
    })
  }
  return document.toJS() as unknown
}

/**
 * The config after overrides such as `method.learningRate=0.01`; values are YAML. One that chooses another kind (`split.kind=iid`) drops
 * what the input says of the kind before; what the overrides themselves say stays, in whatever order they come.
 * @throws HisoError CONFIG_INVALID
 */
export function overrideConfig(input: unknown, overrides: readonly string[]): unknown {
  const result = structuredCloneOf(input ?? {}) as Record<string, unknown>
  const assignments = overrides.map(readOverride)
  for (const { keys, value, override } of assignments) {
    setAt(result, keys, value, override)
    dropKeysOfOtherKinds(result, keys)
  }
  for (const { keys, value, override } of assignments) setAt(result, keys, value, override)
  return result
}

function readOverride(override: string) {
  const at = override.indexOf('=')
  const keys = override.slice(0, at).trim().split('.')
  if (at < 1 || keys.includes(''))
    throw new HisoError('CONFIG_INVALID', {
      where: `--set ${override}`,
      what: 'an override has the form key.path=value',
      remedy: 'For example: --set method.learningRate=0.01',
    })
  return { keys, value: readValue(override.slice(at + 1), override), override }
}

/** After a kind was set at `keys`: drops its neighbours that belong to other kinds only. Keys that no kind has stay, to be refused. */
function dropKeysOfOtherKinds(config: Record<string, unknown>, keys: readonly string[]): void {
  const path = keys.slice(0, -1)
  const union = schemaAt(runConfigSchema, path, config)
  if (!(union instanceof z.ZodDiscriminatedUnion) || union.def.discriminator !== keys.at(-1)) return
  const owner = path.reduce((part, key) => part[key] as Record<string, unknown>, config)
  const own = unionMember(union, owner)
  if (own === undefined) return
  const others = union.options as z.ZodObject[]
  for (const key of Object.keys(owner))
    if (!(key in own.shape) && others.some(({ shape }) => key in shape)) delete owner[key]
}

/** @throws HisoError CONFIG_UNREADABLE or CONFIG_INVALID */
export function parseConfigText(
  text: string,
  where: string,
  overrides: readonly string[] = [],
): RunConfig {
  return parseRunConfig(overrideConfig(readConfigText(text, where), overrides), where)
}

export function formatConfig(config: RunConfig): string {
  return stringify(config)
}

function readValue(text: string, override: string): unknown {
  try {
    return parse(text) as unknown
  } catch (cause) {
    throw new HisoError('CONFIG_INVALID', {
      where: `--set ${override}`,
      what: `the value is not valid YAML: ${messageOf(cause).split('\n')[0]!}`,
    })
  }
}

function setAt(
  target: Record<string, unknown>,
  keys: readonly string[],
  value: unknown,
  override: string,
): void {
  const [key, ...rest] = keys
  if (rest.length === 0) {
    target[key!] = value
    return
  }
  target[key!] ??= {}
  const inner = target[key!]
  if (typeof inner !== 'object' || inner === null || Array.isArray(inner))
    throw new HisoError('CONFIG_INVALID', {
      where: `--set ${override}`,
      what: `${key!} is a single value, so ${keys.join('.')} can't be set`,
    })
  setAt(inner as Record<string, unknown>, rest, value, override)
}

/** A deep copy of plain data. */
function structuredCloneOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(structuredCloneOf)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, structuredCloneOf(inner)]),
  )
}

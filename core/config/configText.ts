/** Config files as text: YAML or JSON in, YAML out, and `key.path=value` overrides. */
import { parse, parseDocument, stringify } from 'yaml'
import { z } from 'zod'
import { HisoError, messageOf } from '../base/index.ts'
import { parseRunConfig } from './issues.ts'
import { comesAlong } from './kindChange.ts'
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
 * what the input says of the kind before and means nothing, or something else, to this one; what the overrides themselves say stays, in
 * whatever order they come.
 * @throws HisoError CONFIG_INVALID
 */
export function overrideConfig(input: unknown, overrides: readonly string[]): unknown {
  const result = structuredCloneOf(input ?? {}) as Record<string, unknown>
  const assignments = overrides.map(readOverride)
  for (const { keys, value, override } of assignments) {
    const before = kindAt(result, keys)
    setAt(result, keys, value, override)
    if (before !== undefined) leaveKind(before, result, keys)
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

interface Kind {
  readonly union: z.ZodDiscriminatedUnion
  /** undefined: none that there is. */
  readonly member: z.ZodObject | undefined
}

/** The kind that a config has where `keys` name what tells kinds apart, undefined where they name something else. */
function kindAt(config: Record<string, unknown>, keys: readonly string[]): Kind | undefined {
  const union = schemaAt(runConfigSchema, keys.slice(0, -1), config)
  if (!(union instanceof z.ZodDiscriminatedUnion) || union.def.discriminator !== keys.at(-1))
    return undefined
  return { union, member: unionMember(union, ownerOf(config, keys)) }
}

/** The group that holds the last of `keys`. */
function ownerOf(config: Record<string, unknown>, keys: readonly string[]) {
  return keys
    .slice(0, -1)
    .reduce<Record<string, unknown> | undefined>(
      (part, key) => part?.[key] as Record<string, unknown> | undefined,
      config,
    )
}

/** After another kind was set at `keys`: drops what does not come along. Keys that no kind has stay, to be refused. */
function leaveKind(before: Kind, config: Record<string, unknown>, keys: readonly string[]): void {
  const owner = ownerOf(config, keys) ?? {}
  const now = unionMember(before.union, owner)
  if (now === undefined || now === before.member) return
  const kinds = before.union.options as z.ZodObject[]
  for (const key of Object.keys(owner))
    if (key !== keys.at(-1) && kinds.some(({ shape }) => key in shape))
      if (!comesAlong(key, before.member, now)) delete owner[key]
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

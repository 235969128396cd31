/**
 * Puts values into a config by their paths: `--set` of the command line and the batches of the app,
 * by one rule.
 */
import { z } from 'zod'
import { HisoError } from '../base/index.ts'
import { survivesKindChange } from './kindChange.ts'
import { isReservedKey, plainData } from './plainData.ts'
import { runConfigSchema } from './runConfig.ts'
import { schemaAt, unionMember } from './schemaWalk.ts'

export interface Assignment {
  readonly keys: readonly string[]
  readonly value: unknown
  /** As a person wrote it, for messages. */
  readonly written: string
}

/**
 * The config after assignments. One that chooses another kind (`split.kind`, `method.name`) drops
 * what the input says of the kind before and means nothing, or something else, to this one; what
 * the assignments themselves say stays, in whatever order they come.
 * @throws HisoError CONFIG_INVALID for a path that leads into a single value
 */
export function setValues(input: unknown, assignments: readonly Assignment[]): unknown {
  const invalid = (where: string, what: string) => new HisoError('CONFIG_INVALID', { where, what })
  const result = plainData(input ?? {}, (what) => invalid('config', what))
  // The schema says what is wrong with it.
  if (!isGroup(result)) return result
  for (const { keys, value, written } of assignments) {
    const reserved = keys.find(isReservedKey)
    if (reserved !== undefined) throw invalid(written, `${reserved} is not a known key`)
    plainData(value, (what) => invalid(written, what))
  }
  for (const assignment of assignments) {
    const before = kindAt(result, assignment.keys)
    setAt(result, assignment.keys, assignment)
    if (before !== undefined) leaveKind(before, result, assignment.keys)
  }
  for (const assignment of assignments) setAt(result, assignment.keys, assignment)
  return result
}

interface Kind {
  readonly union: z.ZodDiscriminatedUnion
  /** undefined: none that there is. */
  readonly member: z.ZodObject | undefined
}

/**
 * The kind that a config has where `keys` name what tells kinds apart, undefined where they name
 * something else.
 */
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

/**
 * After another kind was set at `keys`: drops what does not come along. Keys that no kind has stay,
 * to be refused.
 */
function leaveKind(before: Kind, config: Record<string, unknown>, keys: readonly string[]): void {
  const owner = ownerOf(config, keys) ?? {}
  const now = unionMember(before.union, owner)
  if (now === undefined || now === before.member) return
  const kinds = before.union.options as z.ZodObject[]
  for (const key of Object.keys(owner))
    if (key !== keys.at(-1) && kinds.some(({ shape }) => Object.hasOwn(shape, key)))
      if (!survivesKindChange(key, before.member, now)) delete owner[key]
}

function setAt(
  target: Record<string, unknown>,
  keys: readonly string[],
  { value, written }: Pick<Assignment, 'value' | 'written'>,
): void {
  const [key, ...rest] = keys
  if (rest.length === 0) {
    target[key!] = value
    return
  }
  target[key!] ??= {}
  const inner = target[key!]
  if (!isGroup(inner))
    throw new HisoError('CONFIG_INVALID', {
      where: written,
      what: `${key!} is a single value, so ${keys.join('.')} can't be set`,
      remedy: `Set ${key!} itself, or leave this out`,
    })
  setAt(inner, rest, { value, written })
}

const isGroup = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

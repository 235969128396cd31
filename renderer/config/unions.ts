/**
 * The groups of a config that come in kinds (task, split, method, spectrum, schedules): finding
 * them, and changing the kind.
 */
import { z } from 'zod'
import {
  checkRunConfig,
  factsAlong,
  fieldFacts,
  getAt,
  isPlainObject,
  isSame,
  type PlainObject,
  runConfigSchema,
  schemaAt,
  survivesKindChange,
  unionMember,
  unionNames,
  unwrapSchema,
} from '../../core/config/index.ts'

export interface Union {
  readonly path: string
  /** The key that tells the kinds apart. */
  readonly discriminator: string
  readonly names: readonly string[]
}

/** The union at a path of a config, or undefined where there is none. */
export function unionAt(input: unknown, path: string): Union | undefined {
  const schema = schemaAt(runConfigSchema, path.split('.'), input)
  return schema === undefined ? undefined : asUnion(schema, path)
}

export function asUnion(schema: z.ZodType, path: string): Union | undefined {
  const inner = unwrapSchema(schema)
  if (!(inner instanceof z.ZodDiscriminatedUnion)) return undefined
  return { path, discriminator: inner.def.discriminator, names: unionNames(inner) }
}

/** First values for what a kind requires and no default gives. */
function startersOf(input: unknown, path: string, name: string): PlainObject {
  const facts = factsAlong(runConfigSchema, path.split('.'), input).at(-1)
  return facts?.starters?.[name] ?? {}
}

/** Whether what a person set under a key comes along to another kind. */
const comesAlong = (key: string, ...kinds: readonly (z.ZodObject | undefined)[]): boolean =>
  kinds.every((kind) => {
    const schema = kind?.shape[key] as z.ZodType | undefined
    return schema === undefined || fieldFacts(schema)?.onKindChange !== 'drop'
  })

/**
 * The value of a union after a change of its kind: what means the same to both kinds is kept, as
 * `--set` keeps it, and the rest are defaults.
 * @param own what was set by hand and so comes along all the same, as overrides do
 * @param earlier what this kind held before it was left
 */
export function changeKind(
  input: unknown,
  union: Union,
  name: string,
  { own = {}, earlier = {} }: { readonly own?: PlainObject; readonly earlier?: PlainObject } = {},
): PlainObject {
  const schema = schemaAt(runConfigSchema, union.path.split('.'), input)
  const present = getAt(input, union.path)
  const kinds = unwrapSchema(schema!) as z.ZodDiscriminatedUnion
  const member = unionMember(kinds, { [union.discriminator]: name })!
  const before = unionMember(kinds, present)
  const kept = Object.entries(isPlainObject(present) ? present : {}).filter(([key]) =>
    survivesKindChange(key, before, member),
  )
  const byHand = Object.entries(own).filter(([key]) => comesAlong(key, before, member))
  const pool: PlainObject = {
    ...startersOf(input, union.path, name),
    ...Object.fromEntries(byHand),
    ...earlier,
    ...Object.fromEntries(kept),
  }
  const given = Object.fromEntries(
    Object.entries(pool).filter(
      ([key, value]) => key in member.shape && key !== union.discriminator && value !== undefined,
    ),
  )
  return withDefaults(member, { [union.discriminator]: name, ...given })
}

/** What differs from the start in a group that is of the kind it had there. */
export function setByHand(
  start: unknown,
  input: unknown,
  { path, discriminator }: Union,
): PlainObject {
  const [before, now] = [getAt(start, path), getAt(input, path)]
  if (!isPlainObject(before) || !isPlainObject(now)) return {}
  if (before[discriminator] !== now[discriminator]) return {}
  return Object.fromEntries(
    Object.entries(now).filter(([key, value]) => !isSame(before[key], value)),
  )
}

/**
 * What a batch sets beside another kind, as the form does: first values for what it requires, and
 * what was set by hand, where the kind has it.
 * @param own see `setByHand`
 */
export function besideKind(
  input: unknown,
  { path, discriminator }: Union,
  name: string,
  own: PlainObject,
): PlainObject {
  const schema = unwrapSchema(schemaAt(runConfigSchema, path.split('.'), input)!)
  const member = unionMember(schema as z.ZodDiscriminatedUnion, { [discriminator]: name })!
  const byHand = Object.entries(own).filter(
    ([key]) => key in member.shape && key !== discriminator && comesAlong(key, member),
  )
  return { ...startersOf(input, path, name), ...Object.fromEntries(byHand) }
}

/**
 * What a member's schema makes of values: with its defaults where they are valid, as they are where
 * they are not.
 */
function withDefaults(member: z.ZodObject, values: PlainObject): PlainObject {
  const entries = Object.entries(member.shape).map(([key, schema]) => {
    const parsed = (schema as z.ZodType).safeParse(values[key])
    return [key, parsed.success ? parsed.data : values[key]] as const
  })
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}

/** The default of a field in its present surroundings, undefined where there is none. */
export function defaultAt(input: unknown, path: string): unknown {
  const keys = path.split('.')
  const owner = schemaAt(runConfigSchema, keys.slice(0, -1), input)
  const object =
    owner instanceof z.ZodDiscriminatedUnion
      ? unionMember(owner, getAt(input, keys.slice(0, -1).join('.')))
      : owner
  if (!(object instanceof z.ZodObject)) return undefined
  const schema = object.shape[keys.at(-1)!] as z.ZodType | undefined
  const parsed = schema?.safeParse(undefined)
  return parsed?.success ? parsed.data : undefined
}

/** Every value spelled out where the config is valid, the config itself where it is not. */
export function spelledOut(input: unknown): unknown {
  const result = checkRunConfig(input)
  return 'config' in result ? result.config : input
}

/**
 * Finds the schema that governs a path of a config, through defaults, preprocessing and unions: for
 * hints, forms and docs.
 */
import { z } from 'zod'
import { fieldFacts, type FieldFacts } from './field.ts'

/** The schema inside defaults, optionals and preprocessing. */
export function unwrapSchema(schema: z.ZodType): z.ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  )
    return unwrapSchema(schema.unwrap() as z.ZodType)
  if (schema instanceof z.ZodPipe) return unwrapSchema(schema.out as z.ZodType)
  return schema
}

/** The names that tell the members of a discriminated union apart, in order. */
export function unionNames(union: z.ZodDiscriminatedUnion): string[] {
  return union.options.map((option) => {
    const { shape } = option as z.ZodObject
    return String((shape[union.def.discriminator] as z.ZodLiteral).value)
  })
}

/** The member of a discriminated union that a value belongs to; the first where it does not say. */
export function unionMember(
  union: z.ZodDiscriminatedUnion,
  value: unknown,
): z.ZodObject | undefined {
  const names = unionNames(union)
  const name = (value as Record<string, unknown> | undefined | null)?.[union.def.discriminator]
  const index = name === undefined ? 0 : names.findIndex((own) => own === name)
  return union.options[index] as z.ZodObject | undefined
}

/** What `field` says of a value and of each group around it, from the outside in. */
export function factsAlong(
  schema: z.ZodType,
  [key, ...rest]: readonly PropertyKey[],
  value: unknown,
): readonly FieldFacts[] {
  const own = fieldFacts(schema)
  const here = own === undefined ? [] : [own]
  const child = key === undefined ? undefined : childOf(unwrapSchema(schema), key, value)
  if (child === undefined) return here
  const inner = (value as Record<PropertyKey, unknown> | undefined | null)?.[key!]
  return [...here, ...factsAlong(child, rest, inner)]
}

/** @returns the schema at a path, or undefined where the path leads nowhere */
export function schemaAt(
  schema: z.ZodType,
  path: readonly PropertyKey[],
  value: unknown,
): z.ZodType | undefined {
  const inner = unwrapSchema(schema)
  const [key, ...rest] = path
  if (key === undefined) return inner
  const next = childOf(inner, key, value)
  return next && schemaAt(next, rest, (value as Record<PropertyKey, unknown> | undefined)?.[key])
}

/**
 * The schema of a key of an object, of the member of a union that a value belongs to, or of a list.
 */
function childOf(schema: z.ZodType, key: PropertyKey, value: unknown): z.ZodType | undefined {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType
  const object = schema instanceof z.ZodDiscriminatedUnion ? unionMember(schema, value) : schema
  if (!(object instanceof z.ZodObject)) return undefined
  const name = String(key)
  return Object.hasOwn(object.shape, name) ? (object.shape[name] as z.ZodType) : undefined
}

/** The keys that an object at a path may have. */
export function keysAt(schema: z.ZodType, path: readonly PropertyKey[], value: unknown): string[] {
  const found = schemaAt(schema, path, value)
  const inside = path.reduce<unknown>(
    (part, key) => (part as Record<PropertyKey, unknown> | undefined)?.[key],
    value,
  )
  const object = found instanceof z.ZodDiscriminatedUnion ? unionMember(found, inside) : found
  return object instanceof z.ZodObject ? Object.keys(object.shape) : []
}

/** Every place in a schema where a key of this name may stand, as dotted paths. */
export function placesOf(schema: z.ZodType, name: string, path = ''): string[] {
  const inner = unwrapSchema(schema)
  const members = inner instanceof z.ZodDiscriminatedUnion ? inner.options : [inner]
  const places = members
    .filter((member) => member instanceof z.ZodObject)
    .flatMap(({ shape }) =>
      Object.entries(shape as Record<string, z.ZodType>).flatMap(([key, own]) => {
        const at = path === '' ? key : `${path}.${key}`
        return [...(key === name ? [at] : []), ...placesOf(own, name, at)]
      }),
    )
  return [...new Set(places)]
}

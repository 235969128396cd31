/**
 * Every configurable value carries what the form, `--help` and the docs say of it, next to its type
 * and range.
 */
import { z } from 'zod'

export interface FieldText {
  /** A few words, sentence case: the form's label. */
  readonly label: string
  /** One sentence for somebody who meets the value for the first time. */
  readonly help: string
  /** The symbol of the glossary, which is the paper's where it has one. */
  readonly symbol?: string
  /** What the number counts or measures. */
  readonly unit?: string
}

const texts = z.registry<FieldText>()

/** Attaches its text to a schema. */
export function field<Schema extends z.ZodType>(schema: Schema, text: FieldText): Schema {
  texts.add(schema, text)
  return schema
}

/** The text attached by `field`, found through defaults and optionals too. */
export function fieldText(schema: z.ZodType): FieldText | undefined {
  const own = texts.get(schema)
  if (own !== undefined) return own
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return fieldText(schema.unwrap() as z.ZodType)
  return undefined
}

export const count = (minimum: number, maximum = 2 ** 31 - 1) => z.int().min(minimum).max(maximum)
export const positive = (maximum = Number.MAX_VALUE) => z.number().gt(0).max(maximum)
export const share = () => z.number().min(0).max(1)

/** Lets `kind` be left out of an object whose kinds are told apart by it. */
export function withDefaultKind<Schema extends z.ZodType>(schema: Schema, kind: string) {
  return z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && !('kind' in value)
        ? { kind, ...value }
        : value,
    schema,
  )
}

/**
 * Every configurable value carries what the form, `--help` and the docs say of it and where the
 * form shows it, next to its type and range.
 */
import { z } from 'zod'

/** The sections of the form, in the order in which a person thinks. */
export const formSections = [
  'task',
  'clients',
  'method',
  'hessian',
  'robustness',
  'network',
  'run',
] as const
export type FormSection = (typeof formSections)[number]

/** A task as a form or a file has it: perhaps incomplete, perhaps wrong. */
type DraftTask = Readonly<Record<string, unknown>>

/** The whole config, likewise. */
type DraftConfig = Readonly<Record<string, unknown>>

/** Names of what comes with the program. */
export interface BundledNames {
  /** Datasets of images, which come with the program whole. */
  readonly imageSets: readonly string[]
}

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

/** Configs that use a value; perhaps drafts, incomplete or wrong. */
export interface Users {
  /** Completes "it is for … only". */
  readonly who: string
  readonly is: (task: DraftTask, bundled: BundledNames, config: DraftConfig) => boolean
}

/** All that is known of a value or a group of values besides its type. */
export interface FieldFacts extends FieldText {
  /** Where the form shows it; the section of the group around it if left out. */
  readonly section?: FormSection
  /**
   * Its place within the section: smaller ones stand above. Left out, the place of the group around
   * it, or 0; equals stand as the schema has them.
   */
  readonly order?: number
  /** Which tasks use it, and all inside it; every one if left out. */
  readonly usedBy?: Users
  /**
   * What becomes of the value when another kind is chosen. Left out: it comes along if both kinds
   * give it the same default. `dropUnlessSet`: only what a person set comes along. `drop`: never,
   * since to other kinds the key means something else.
   */
  readonly onKindChange?: 'drop' | 'dropUnlessSet'
  /** Of a choice of kinds: first values for what a kind requires and no default gives. */
  readonly starters?: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

const facts = z.registry<FieldFacts>()

/** Attaches its facts to a schema. */
export function field<Schema extends z.ZodType>(schema: Schema, own: FieldFacts): Schema {
  facts.add(schema, own)
  return schema
}

/** The facts attached by `field`, found through defaults and optionals too. */
export function fieldFacts(schema: z.ZodType): FieldFacts | undefined {
  const own = facts.get(schema)
  if (own !== undefined) return own
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional)
    return fieldFacts(schema.unwrap() as z.ZodType)
  return undefined
}

export const count = (minimum: number, maximum = 2 ** 31 - 1) => z.int().min(minimum).max(maximum)
export const positive = (maximum = Number.MAX_VALUE) => z.number().gt(0).max(maximum)
export const share = () => z.number().min(0).max(1)

const defaultKinds = z.registry<{ readonly kind: string }>()

/** The kind that stands for none in what `withDefaultKind` made. */
export function defaultKindOf(schema: z.ZodType): string | undefined {
  return defaultKinds.get(schema)?.kind
}

/** Lets `kind` be left out of an object that has it to tell its kinds apart. */
export function withDefaultKind<Schema extends z.ZodType>(schema: Schema, kind: string) {
  const lenient = z.preprocess(
    (value) =>
      typeof value === 'object' && value !== null && !Array.isArray(value) && !('kind' in value)
        ? { kind, ...value }
        : value,
    schema,
  )
  defaultKinds.add(lenient, { kind })
  return lenient
}

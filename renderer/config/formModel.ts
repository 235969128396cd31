/**
 * The form, made from the schema: sections in the order in which a person thinks, and in them one
 * field per value of the present config.
 */
import { z } from 'zod'
import {
  fieldFacts,
  type FieldText,
  type FormSection,
  formSections,
  getAt,
  joinPath,
  runConfigSchema,
  unionMember,
  unwrapSchema,
} from '../../core/config/index.ts'
import { asUnion } from './unions.ts'

/** `several`: any of some options; `mapping`: a name for each of some names. */
type FieldKind =
  'number' | 'count' | 'text' | 'switch' | 'choice' | 'list' | 'several' | 'mapping' | 'kind'

export interface FieldModel {
  readonly path: string
  readonly kind: FieldKind
  readonly text: FieldText
  readonly min?: number | undefined
  readonly max?: number | undefined
  /** The minimum itself is not allowed. */
  readonly above?: boolean
  /** The maximum itself is not allowed. */
  readonly below?: boolean
  /** Of a choice or a kind, in order. */
  readonly options?: readonly string[]
  /** Words that a number may also be. */
  readonly words?: readonly string[]
  /** May be left out. */
  readonly optional: boolean
  readonly default?: unknown
  /** Inside how many unions it lies: shown indented. */
  readonly depth: number
  readonly items?: 'count' | 'text'
  readonly section: FormSection
  /** Smaller ones stand above in the section. */
  readonly order: number
}

export interface SectionModel {
  readonly name: FormSection
  readonly title: string
  readonly fields: readonly FieldModel[]
}

const titles: Record<FormSection, string> = {
  task: 'Task',
  clients: 'Clients and split',
  method: 'Method',
  hessian: 'Hessian',
  robustness: 'Attacks and privacy',
  network: 'Network',
  run: 'Run',
}

/** The sections for a config, valid or not, that have fields: its kinds decide which there are. */
export function formModel(input: unknown): readonly SectionModel[] {
  const fields = fieldsOf(runConfigSchema, input, '', 0, { section: 'run', order: 0 })
  return formSections
    .map((name) => ({
      name,
      title: titles[name],
      fields: fields.filter(({ section }) => section === name).sort((a, b) => a.order - b.order),
    }))
    .filter((section) => section.fields.length > 0)
}

type Place = Pick<FieldModel, 'section' | 'order'>

/** One field per value, depth first, in the schema's order. */
function fieldsOf(
  schema: z.ZodType,
  input: unknown,
  path: string,
  depth: number,
  around: Place,
): FieldModel[] {
  const facts = fieldFacts(schema)
  const place = { section: facts?.section ?? around.section, order: facts?.order ?? around.order }
  const inner = unwrapSchema(schema)
  const union = asUnion(schema, path)
  if (union !== undefined) {
    const value = getAt(input, path)
    const kindField: FieldModel = {
      path: joinPath(path, union.discriminator),
      kind: 'kind',
      text: facts ?? { label: union.discriminator, help: '' },
      options: union.names,
      optional: false,
      default: kindDefault(schema, union.discriminator),
      depth,
      ...place,
    }
    const member = unionMember(inner as z.ZodDiscriminatedUnion, value)
    const rest = Object.entries(member?.shape ?? {})
      .filter(([key]) => key !== union.discriminator)
      .flatMap(([key, child]) =>
        fieldsOf(
          child as z.ZodType,
          input,
          joinPath(path, key),
          depth + (path.includes('.') ? 1 : 0),
          place,
        ),
      )
    return [kindField, ...rest]
  }
  if (inner instanceof z.ZodObject)
    return Object.entries(inner.shape).flatMap(([key, child]) =>
      fieldsOf(child as z.ZodType, input, joinPath(path, key), depth, place),
    )
  return [{ ...leaf(schema, inner, path, depth), ...place }]
}

function leaf(
  schema: z.ZodType,
  inner: z.ZodType,
  path: string,
  depth: number,
): Omit<FieldModel, keyof Place> {
  const parsed = schema.safeParse(undefined)
  const common = {
    path,
    text: fieldFacts(schema) ?? { label: path, help: '' },
    optional: parsed.success && parsed.data === undefined,
    ...(parsed.success && parsed.data !== undefined ? { default: parsed.data } : {}),
    depth,
  }
  if (inner instanceof z.ZodNumber) return { ...common, ...numberFacts(inner) }
  if (inner instanceof z.ZodBoolean) return { ...common, kind: 'switch' }
  if (inner instanceof z.ZodEnum)
    return { ...common, kind: 'choice', options: inner.options.map(String) }
  if (inner instanceof z.ZodLiteral)
    return { ...common, kind: 'choice', options: [...inner.values].map(String) }
  if (inner instanceof z.ZodRecord) return { ...common, kind: 'mapping' }
  if (inner instanceof z.ZodArray && inner.element instanceof z.ZodEnum)
    return { ...common, kind: 'several', options: inner.element.options.map(String) }
  if (inner instanceof z.ZodArray)
    return {
      ...common,
      kind: 'list',
      items: unwrapSchema(inner.element as z.ZodType) instanceof z.ZodNumber ? 'count' : 'text',
    }
  if (inner instanceof z.ZodUnion) {
    const options = inner.options as readonly z.ZodType[]
    const number = options.find((option): option is z.ZodNumber => option instanceof z.ZodNumber)
    const words = options.flatMap((option) =>
      option instanceof z.ZodLiteral ? [...option.values].map(String) : [],
    )
    if (number !== undefined) return { ...common, ...numberFacts(number), words }
  }
  return { ...common, kind: 'text' }
}

function numberFacts(
  schema: z.ZodNumber,
): Pick<FieldModel, 'kind' | 'min' | 'max' | 'above' | 'below'> {
  const min = schema.minValue ?? undefined
  const max = schema.maxValue ?? undefined
  return {
    kind: schema.isInt ? 'count' : 'number',
    min,
    max,
    above: min !== undefined && !schema.safeParse(min).success,
    below: max !== undefined && !schema.safeParse(max).success,
  }
}

function kindDefault(schema: z.ZodType, discriminator: string): unknown {
  const parsed = schema.safeParse({})
  if (parsed.success) return getAt(parsed.data, discriminator)
  const bare = schema.safeParse(undefined)
  return bare.success ? getAt(bare.data, discriminator) : undefined
}

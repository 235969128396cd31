/**
 * The config's schema as JSON Schema (draft 7), for editors: what each key means, which values it
 * may have, what it is when left out. Rules between keys (participants ≤ clients) are the
 * program's alone: whatever this refuses, the program refuses too.
 */
import { z } from 'zod'
import { defaultKindOf, fieldFacts } from './field.ts'
import { methodSchema } from './method.ts'
import { runConfigSchema } from './runConfig.ts'

export type JsonSchema = { [key: string]: unknown }

const example = {
  name: 'my-run',
  task: { kind: 'classification', dataset: 'mnist', model: 'mlp' },
  method: { name: 'hiso', learningRate: 0.01 },
}

export function configJsonSchema(): JsonSchema {
  const schema = toJson(runConfigSchema)
  const properties = schema['properties'] as JsonSchema
  properties['compare'] = {
    type: 'array',
    items: { type: 'object' },
    title: 'Played beside it',
    description: 'Changes to this config, key by key: each item is a run of its own.',
  }
  const { $schema, ...rest } = schema
  return {
    $schema,
    title: 'A run of HiSo Studio',
    description: 'Everything but name, task and method may be left out.',
    ...rest,
    examples: [example],
  }
}

/** Beside a config that the program writes. */
export const schemaFile = 'hiso.schema.json'

/** The first line of a config for editors, which find the schema beside it. */
export const schemaLine = `# yaml-language-server: $schema=./${schemaFile}\n`

/** Of another form that people write: a template, a lesson. */
export function jsonSchemaOf(schema: z.ZodType, title: string): JsonSchema {
  const { $schema, ...rest } = toJson(schema)
  return { $schema, title, ...rest }
}

export function formatJsonSchema(schema: JsonSchema): string {
  return `${JSON.stringify(schema, null, 1)}\n`
}

function toJson(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, {
    io: 'input',
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      // What zod calls a schema here is the type of all that are.
      complete(zodSchema as unknown as z.ZodType, jsonSchema)
    },
  })
}

/** What zod leaves out: texts, and what a preprocessing lets through. */
function complete(schema: z.ZodType, json: JsonSchema): void {
  if (schema instanceof z.ZodPipe) {
    const { $schema: _, ...inner } = toJson(schema.out as z.ZodType)
    Object.assign(json, inner)
    const kind = defaultKindOf(schema)
    if (kind !== undefined) letBeLeftOut(json, kind)
  }
  // Of a group that may be left out; what then stands there follows from its keys' own defaults.
  if (schema instanceof z.ZodPrefault) delete json['default']
  const text = fieldFacts(schema)
  if (text !== undefined) {
    const { label, symbol, unit, help } = text
    json['title'] = symbol === undefined ? label : `${label} (${symbol})`
    json['description'] = unit === undefined ? help : `${help} In ${unit}.`
  }
  if (json['properties'] !== undefined && isMethod(schema)) keepOthersKeys(json)
}

function membersOf(json: JsonSchema): JsonSchema[] {
  return (json['anyOf'] ?? json['oneOf'] ?? []) as JsonSchema[]
}

/** The member that is meant where `kind` is left out does not ask for it. */
function letBeLeftOut(json: JsonSchema, kind: string): void {
  for (const member of membersOf(json)) {
    const own = (member['properties'] as JsonSchema | undefined)?.['kind'] as JsonSchema | undefined
    if (own?.['const'] !== kind) continue
    const required = (member['required'] as string[]).filter((key) => key !== 'kind')
    if (required.length === 0) delete member['required']
    else member['required'] = required
  }
}

const methods = (methodSchema.out as z.ZodDiscriminatedUnion).options as readonly z.ZodObject[]

const isMethod = (schema: z.ZodType) => methods.some((method) => method === schema)

/** Settings of another method are ignored, so that a method can be changed by its name alone. */
function keepOthersKeys(json: JsonSchema): void {
  const properties = json['properties'] as JsonSchema
  for (const { shape } of methods) for (const key of Object.keys(shape)) properties[key] ??= {}
}

/** Every setting that a config can have, by its path: for completion and for help. */
import { z } from 'zod'
import { fieldFacts, type FieldText } from './field.ts'
import { runConfigSchema } from './runConfig.ts'
import { unwrapSchema } from './schemaWalk.ts'

export interface Setting {
  /** As in `--set`. */
  readonly path: string
  readonly text: FieldText | undefined
  /** All values that it may have, where these are names. */
  readonly values: readonly string[]
}

/** In the schema's order; a key that several kinds have stands there once. */
export function allSettings(): Setting[] {
  const found = new Map<string, Setting>()
  collect(runConfigSchema, '', undefined, found)
  return [...found.values()]
}

function collect(
  schema: z.ZodType,
  path: string,
  text: FieldText | undefined,
  found: Map<string, Setting>,
): void {
  const inner = unwrapSchema(schema)
  const members =
    inner instanceof z.ZodDiscriminatedUnion
      ? (inner.options as z.ZodType[]).map(unwrapSchema)
      : [inner]
  const objects = members.filter((member) => member instanceof z.ZodObject)
  if (objects.length === 0) {
    const before = found.get(path)
    const values = [...new Set([...(before?.values ?? []), ...valuesOf(inner)])]
    found.set(path, { path, text: before?.text ?? text, values })
    return
  }
  for (const { shape } of objects)
    for (const [key, own] of Object.entries(shape)) {
      const at = path === '' ? key : `${path}.${key}`
      collect(own as z.ZodType, at, fieldFacts(own as z.ZodType), found)
    }
}

function valuesOf(schema: z.ZodType): string[] {
  if (schema instanceof z.ZodEnum) return schema.options.map(String)
  if (schema instanceof z.ZodLiteral) return [...schema.values].map(String)
  if (schema instanceof z.ZodBoolean) return ['true', 'false']
  if (schema instanceof z.ZodUnion)
    return (schema.options as z.ZodType[]).flatMap((option) => valuesOf(unwrapSchema(option)))
  return []
}

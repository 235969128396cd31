/**
 * A setting in words, from the schema: as the heading of a column, and with its value as a part of
 * a name. Lists, charts, files and messages all say it in the same way.
 */
import { z } from 'zod'
import { fieldFacts, type FieldText } from './field.ts'
import { runConfigSchema, type RunConfig } from './runConfig.ts'
import { unionMember, unwrapSchema } from './schemaWalk.ts'
import { wordFor } from './words.ts'

/** The schema of a key with its text still on, which unwrapping loses. */
export function fieldAt(path: readonly string[], config: unknown): z.ZodType | undefined {
  let schema: z.ZodType = runConfigSchema
  let value = config
  for (const key of path) {
    const object = objectOf(schema, value)
    if (object === undefined || !Object.hasOwn(object.shape, key)) return undefined
    schema = object.shape[key] as z.ZodType
    value = (value as Readonly<Record<string, unknown>> | undefined)?.[key]
  }
  return schema
}

function objectOf(schema: z.ZodType, value: unknown): z.ZodObject | undefined {
  const inner = unwrapSchema(schema)
  const object = inner instanceof z.ZodDiscriminatedUnion ? unionMember(inner, value) : inner
  return object instanceof z.ZodObject ? object : undefined
}

/** Whether a path names what tells the kinds of a group apart: `split.kind`, `method.name`. */
function choosesKind(path: readonly string[], config: unknown): boolean {
  const group = fieldAt(path.slice(0, -1), config)
  const inner = group && unwrapSchema(group)
  return inner instanceof z.ZodDiscriminatedUnion && inner.def.discriminator === path.at(-1)
}

/** What the schema says of a setting; of a kind what it says of the group. */
export function settingTextAt(path: string, config: unknown): FieldText | undefined {
  const keys = path.split('.')
  const own = fieldAt(choosesKind(keys, config) ? keys.slice(0, -1) : keys, config)
  return own && fieldFacts(own)
}

/** 'Learning rate η': the heading of a setting's column. */
export function settingHeading(path: string, config: unknown): string {
  const { label = fromKey(path), symbol } = settingTextAt(path, config) ?? {}
  return symbol === undefined ? label : `${label} ${symbol}`
}

/** Kinds whose value says by itself what it is. */
const spokenKinds: ReadonlySet<string> = new Set(['method.name', 'task.kind', 'split.kind'])
/** Names of files and of what is bundled, which say it too. */
const spokenNames: ReadonlySet<string> = new Set(['task.dataset', 'task.model'])

/** 'η 0.01', 'batch size 32', 'Dirichlet': a setting and its value, as a part of a name. */
export function settingPhrase(path: string, value: unknown, config: RunConfig): string {
  if (spokenKinds.has(path)) return wordFor(path, value)
  if (spokenNames.has(path)) return lastPart(String(value))
  const { label = fromKey(path), symbol } = settingTextAt(path, config) ?? {}
  const name = symbol ?? label.charAt(0).toLowerCase() + label.slice(1)
  return `${name} ${valueText(path, value)}`
}

/** A setting's value in full, as tables show it: 'DeComFL', 'Power law', '0.01', 'on'. */
export function settingValue(path: string, value: unknown): string {
  if (value === undefined) return '–'
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (typeof value !== 'string') return JSON.stringify(value)
  return path === 'method.name' || path.endsWith('.kind') ? wordFor(path, value) : value
}

function valueText(path: string, value: unknown): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (Array.isArray(value)) return value.join('-')
  if (typeof value !== 'string') return String(value)
  return /[\\/]/.test(value) ? lastPart(value) : wordFor(path, value).toLowerCase()
}

/** For what the schema has no words for: `federation.attack` as 'Attack'. */
function fromKey(path: string): string {
  const parts = path.split('.')
  const last = (parts.at(-1) === 'kind' ? parts.at(-2) : parts.at(-1)) ?? path
  const spaced = last.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
  return spaced.charAt(0).toUpperCase() + spaced.slice(1)
}

function lastPart(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path
}

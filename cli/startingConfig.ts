/**
 * A config as YAML with what the schema says of every key beside it: the schema is the only place
 * where a key is explained.
 */
import { isMap, isScalar, Document, type YAMLMap } from 'yaml'
import { z } from 'zod'
import {
  fieldAt,
  fieldFacts,
  runConfigSchema,
  schemaAt,
  schemaLine,
  unionNames,
  type RunConfig,
} from '../core/config/index.ts'

const header = `${schemaLine.slice(1)} A run of HiSo Studio. Every key is listed with its meaning; all but name, task and method may be left out.
 Run it:           hiso run FILE
 Try a value:      hiso run FILE --set method.learningRate=0.01
 Ready-made ones:  hiso presets`

export function startingConfig(config: RunConfig): string {
  const document = new Document(config)
  document.commentBefore = header
  explain(document.contents as YAMLMap, [], config)
  return document.toString({ lineWidth: 120 })
}

/** Writes above each key what it means, and which values it may have. */
function explain(map: YAMLMap, path: readonly string[], config: RunConfig): void {
  for (const pair of map.items) {
    const { key, value } = pair
    if (!isScalar(key)) continue
    const inner = [...path, String(key.value)]
    const text = commentOf(inner, config)
    if (text !== undefined) key.commentBefore = ` ${text}`
    if (path.length === 0 && pair !== map.items[0]) key.spaceBefore = true
    if (isMap(value)) explain(value, inner, config)
  }
}

function commentOf(path: readonly string[], config: RunConfig): string | undefined {
  const found = fieldAt(path, config)
  const text = found && fieldFacts(found)
  if (text !== undefined) {
    const { label, symbol, unit, help } = text
    const unitText = unit === undefined ? '' : ` [${unit}]`
    return `${label}${symbol === undefined ? '' : ` (${symbol})`}${unitText}: ${help}`
  }
  return choicesAt(path, config)
}

/** For the key that distinguishes the members of a union: their names. */
function choicesAt(path: readonly string[], config: RunConfig): string | undefined {
  const parent = schemaAt(runConfigSchema, path.slice(0, -1), config)
  if (!(parent instanceof z.ZodDiscriminatedUnion)) return undefined
  return path.at(-1) === parent.def.discriminator
    ? `One of ${unionNames(parent).join(', ')}`
    : undefined
}

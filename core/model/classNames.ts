/**
 * The names of a model's classes, where its file tells them: in its metadata, as a list or a map.
 */
import { parseJson } from '../base/index.ts'
import type { ModelProto } from '../onnx/index.ts'

/** Ours first, then those of common exporters. */
export const CLASSES_KEY = 'hiso.classes'
const keys = [CLASSES_KEY, 'classes', 'class_names', 'labels', 'names', 'id2label']

/** @returns a name for each of the outputs, or undefined where the file has none that fit */
export function classNamesOf(model: ModelProto, outputs: number): readonly string[] | undefined {
  for (const key of keys) {
    const text = model.metadataProps.find((it) => it.key === key)?.value
    const names = text === undefined ? undefined : readNames(text)
    if (names?.length === outputs && new Set(names).size === outputs) return names
  }
  return undefined
}

function readNames(text: string): readonly string[] | undefined {
  const value = readJson(text) ?? readPythonMap(text)
  if (Array.isArray(value)) return value.map(String)
  if (typeof value === 'object' && value !== null) {
    const names = Object.entries(value).sort(([a], [b]) => Number(a) - Number(b))
    const isComplete = names.every(([index], at) => Number(index) === at)
    return isComplete ? names.map(([, name]) => String(name)) : undefined
  }
  return text.includes(',') && !/^\s*[{[]/.test(text)
    ? text.split(',').map((name) => name.trim())
    : undefined
}

function readJson(text: string): unknown {
  try {
    return parseJson(text)
  } catch {
    return undefined
  }
}

/** `{0: 'cat', 1: 'dog'}` */
function readPythonMap(text: string): Record<string, string> | undefined {
  if (!/^\s*\{.*\}\s*$/s.test(text)) return undefined
  const pairs = Array.from(text.matchAll(/(\d+)\s*:\s*(?:'([^']*)'|"([^"]*)")/g), (match) => [
    match[1]!,
    match[2] ?? match[3]!,
  ])
  return pairs.length === 0 ? undefined : (Object.fromEntries(pairs) as Record<string, string>)
}

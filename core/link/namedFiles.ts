/** Values of a config that lead to a file or folder of a machine, which nobody else has. */
import type { RunConfig } from '../config/index.ts'

export interface NamedFile {
  /** Its path in the config. */
  readonly path: string
  readonly value: string
}

/**
 * Anything with a separator, a drive, a home or a file's ending; a repository of the hub is none.
 */
const file =
  /[\\/]|^~|^[A-Za-z]:|^\.{1,2}$|\.(onnx|csv|tsv|jsonl?|ndjson|parquet|ya?ml|gz|npz?|exe|sh|bat|cmd|ps1)$/i
const repository = /^hf:[\w.-]+\/[\w.-]+$/

export function namedFiles(config: RunConfig): NamedFile[] {
  const texts = textsOf(config, '')
  return texts.filter(({ value }) => file.test(value) && !repository.test(value))
}

function textsOf(value: unknown, path: string): NamedFile[] {
  if (typeof value === 'string') return [{ path, value }]
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, inner]) =>
    textsOf(inner, path === '' ? key : `${path}.${key}`),
  )
}

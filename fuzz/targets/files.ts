/** Files in memory that unpack gzip as the product does. */
import type { Files, Host } from '../../core/base/index.ts'
import { memoryHost } from '../../core/testing/memoryFiles.ts'
import { createNodeHost } from '../../platform/index.ts'
import type { Input } from '../target.ts'

const { files: nodeFiles } = createNodeHost({ resources: '', workerScript: '', version: 'fuzz' })

export function hostOf(input: Input, folder = ''): Host {
  const entries = Array.from(input, ([name, bytes]) => [`${folder}${name}`, bytes] as const)
  const host = memoryHost(Object.fromEntries(entries))
  const files: Files = {
    ...host.files,
    gunzip: (bytes) => nodeFiles.gunzip(bytes),
    gunzipPieces: (pieces) => nodeFiles.gunzipPieces(pieces),
  }
  return { ...host, files }
}

export const text = (letters: string) => new TextEncoder().encode(letters)

/** An input of a single file. */
export const single = (name: string, bytes: Uint8Array): Input => new Map([[name, bytes]])

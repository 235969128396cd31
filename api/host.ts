/** The machine that this package runs on, made when it is first used. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { EngineHost } from '../core/engine/index.ts'
import { createNodeHost } from '../platform/index.ts'

const read = (url: URL) => JSON.parse(readFileSync(url, 'utf8')) as { readonly version: string }

// Seen from dist/, where all that is built lies flat.
export const version = read(new URL('../package.json', import.meta.url)).version
/** The folder with bundled datasets, models, presets and templates. */
export const resources = fileURLToPath(new URL('../resources', import.meta.url))
const workerScript = new URL('./workerThread.js', import.meta.url)

let host: EngineHost | undefined

export function thisMachine(): EngineHost {
  host ??= createNodeHost({ resources, workerScript, version })
  return host
}

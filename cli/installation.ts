/** Where this program lies and what comes with it, seen from dist/hiso.js. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const read = (url: URL) => JSON.parse(readFileSync(url, 'utf8')) as { readonly version: string }

export const version = read(new URL('../package.json', import.meta.url)).version
/** The folder with bundled datasets and presets. */
export const resources = fileURLToPath(new URL('../resources', import.meta.url))
export const workerScript = new URL('./workerThread.js', import.meta.url)

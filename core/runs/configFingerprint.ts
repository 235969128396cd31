/**
 * What of a config the state of a run follows from, as a hash: with another one, the log under it
 * is another run's. Names, evaluation and compute may be changed, and so may the places where
 * files lie: what is in them has fingerprints of its own.
 */
import type { Host } from '../base/index.ts'
import { readConfigText } from '../config/index.ts'

const free: ReadonlySet<string> = new Set(['name', 'evaluation', 'compute'])

/** @param text of the config file, as it lies in the folder */
export function configFingerprint(text: string, host: Pick<Host, 'sha256'>): string {
  const config = readConfigText(text, 'config') as Readonly<Record<string, unknown>>
  const kept = Object.entries(config).filter(([key]) => !free.has(key))
  const written = JSON.stringify(inOrder(Object.fromEntries(kept)))
  return host.sha256().update(new TextEncoder().encode(written)).hex()
}

/** With sorted keys, and without absolute paths. */
function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, part]) => !isAbsolutePath(part))
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, part]) => [key, inOrder(part)]),
  )
}

function isAbsolutePath(value: unknown): boolean {
  return typeof value === 'string' && /^(\/|\\\\|[A-Za-z]:[\\/])/.test(value)
}

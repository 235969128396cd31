/** What every command gets: the engine's host, the terminal, and how this program was called. */
import { isAbsolute, relative, sep } from 'node:path'
import { oneLine } from '../core/base/index.ts'
import type { EngineHost } from '../core/engine/index.ts'
import type { Terminal } from './terminal.ts'

export interface CommandContext {
  readonly host: EngineHost
  readonly terminal: Terminal
  /** The folder that relative paths start from. */
  readonly cwd: string
  /** What to type to call this program: `hiso`, or `npm run hiso --`. */
  readonly invocation: string
}

/** The default folder for runs. */
export const defaultLibrary = 'runs'

/** How people would call the program again. */
export function invocationOf(env: Readonly<Record<string, string | undefined>>): string {
  const script = env['npm_lifecycle_event']
  if (script === undefined) return 'hiso'
  return script === 'npx' ? 'npx hiso' : 'npm run hiso --'
}

/** A path as short as it can be shown: relative to the working folder where it lies inside. */
export function shortPath(path: string, cwd: string): string {
  return oneLine(fromHere(path, cwd))
}

/** The shown path, as a word to type. */
export function shellPath(path: string, cwd: string): string {
  return shellWord(fromHere(path, cwd))
}

function fromHere(path: string, cwd: string): string {
  if (!isAbsolute(path)) return path
  const inside = relative(cwd, path)
  return inside === '' || inside === '..' || inside.startsWith(`..${sep}`) || isAbsolute(inside)
    ? path
    : inside
}

/** A word of a command line, quoted where a shell would break it. */
export function shellWord(word: string): string {
  if (/^[\w./:@%+=,-]+$/.test(word)) return word
  if (!/[\n\r]/.test(word)) return `'${word.replaceAll("'", `'\\''`)}'`
  return `$'${oneLine(word.replace(/[\\']/g, String.raw`\$&`))}'`
}

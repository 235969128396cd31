/** A draft as the command of a terminal that plays the same, bit for bit. */
import type { RunConfig } from '../../core/config/index.ts'
import { isOwnOf, type Compared } from './beside.ts'
import { changesBetween, overrideOf } from './differences.ts'
import { spelledOut } from './unions.ts'

/**
 * @param from what the draft started from
 * @param beside what it is played beside: none of those that its file names, or all
 */
export function commandLine(
  from: Compared & { readonly name: string },
  to: RunConfig,
  beside: readonly RunConfig[] = [],
): string {
  const named = from.beside ?? []
  const overrides = changesBetween(from.config, spelledOut(to) as RunConfig).map((change) => {
    const isOwn =
      beside.length > 0 && named.some((other) => isOwnOf(other, from.config, to, change))
    return `${isOwn ? `${to.method.name}:` : ''}${overrideOf(change)}`
  })
  // Of a file that names several, a method by its name is played alone.
  const isChosen = overrides.some((override) => override.startsWith('method.name='))
  if (named.length > 0 && beside.length === 0 && !isChosen)
    overrides.push(`method.name=${to.method.name}`)
  return ['hiso run', quote(from.name), ...overrides.map((it) => `--set ${quote(it)}`)].join(' ')
}

/** Quoted for a POSIX shell where need be. */
function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

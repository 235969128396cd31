/** Patterns for the names of weights. */

/** Matches a whole name; * stands for any characters, everything else for itself. */
export function globMatcher(pattern: string): (name: string) => boolean {
  const parts = pattern.split('*').map((it) => it.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const expression = new RegExp(`^${parts.join('.*')}$`, 's')
  return (name) => expression.test(name)
}

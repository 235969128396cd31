/** Messages as people read them. */
import { messageOf } from '../../core/base/index.ts'

/**
 * A message as a sentence of its own. Only a letter at the very start is raised, and not that of a
 * path, whose letters are its name.
 */
export function asSentence(message: string): string {
  const [first = ''] = message.split(/\s/)
  return /[\\/]/.test(first) ? message : message.charAt(0).toUpperCase() + message.slice(1)
}

/** What went wrong, as a sentence of its own. */
export const sentenceOf = (thrown: unknown): string => asSentence(messageOf(thrown))

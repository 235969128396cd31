/** Messages as people read them. */

/**
 * A message as a sentence of its own. Only a letter at the very start is raised: within quotes it
 * may be a path's.
 */
export function asSentence(message: string): string {
  return message.charAt(0).toUpperCase() + message.slice(1)
}

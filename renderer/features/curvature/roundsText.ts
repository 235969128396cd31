/** Rounds as people type them: 0, 100, last. */

/** @returns undefined where a word is neither a whole number nor last, or may be the end of one */
export function parseRounds(text: string): readonly (number | 'last')[] | undefined {
  const words = text
    .split(/[\s,;]+/)
    .map((word) => word.toLowerCase())
    .filter((word) => word !== '')
  const rounds = words.map((word) =>
    // 000 is the end of 1,000.
    word === 'last' ? word : /^(0|[1-9]\d*)$/.test(word) ? Number(word) : undefined,
  )
  return words.length === 0 || rounds.includes(undefined)
    ? undefined
    : (rounds as readonly (number | 'last')[])
}

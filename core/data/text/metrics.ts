/**
 * How well a written answer agrees with the expected ones: exact match and F1 as in SQuAD, ROUGE-L
 * as for summaries.
 */

/**
 * Lower case, no punctuation, no articles, single spaces.
 * @see Rajpurkar et al., SQuAD, arXiv 1606.05250: its evaluation script
 */
export function normaliseAnswer(text: string): string {
  return (
    text
      .toLowerCase()
      .replace(/[!-/:-@[-`{-~]/g, '')
      // The script's \b knows letters of all languages, JavaScript's only those of English.
      .replace(/(?<![\p{L}\p{N}_])(a|an|the)(?![\p{L}\p{N}_])/gu, ' ')
      .split(/\s+/)
      .filter((word) => word !== '')
      .join(' ')
  )
}

/** 1 if the answer equals one of the references after `normaliseAnswer`, else 0. */
export function exactMatch(answer: string, references: readonly string[]): number {
  const own = normaliseAnswer(answer)
  return references.some((reference) => normaliseAnswer(reference) === own) ? 1 : 0
}

/**
 * Harmonic mean of precision and recall over words, each counted as often as it occurs; the best
 * over the references. In [0, 1].
 */
export function f1(answer: string, references: readonly string[]): number {
  const own = wordsOf(normaliseAnswer(answer))
  return best(references, (reference) => {
    const expected = wordsOf(normaliseAnswer(reference))
    if (own.length === 0 || expected.length === 0) return own.length === expected.length ? 1 : 0
    const left = new Map<string, number>()
    for (const word of expected) left.set(word, (left.get(word) ?? 0) + 1)
    let shared = 0
    for (const word of own) {
      const count = left.get(word) ?? 0
      if (count > 0) shared++
      left.set(word, count - 1)
    }
    return harmonicMean(shared / own.length, shared / expected.length)
  })
}

/**
 * ROUGE-L: F-measure of the longest common subsequence of words (lower case, letters and digits
 * only); the best over the references. In [0, 1]. Differs: words are not stemmed.
 * @see Lin, ROUGE: A package for automatic evaluation of summaries, ACL 2004
 */
export function rougeL(answer: string, references: readonly string[]): number {
  const own = plainWords(answer)
  return best(references, (reference) => {
    const expected = plainWords(reference)
    if (own.length === 0 || expected.length === 0) return 0
    const common = longestCommonSubsequence(own, expected)
    return harmonicMean(common / own.length, common / expected.length)
  })
}

/** Every metric by its name in templates. */
export const answerMetrics = { exactMatch, f1, rougeL } as const

export type AnswerMetric = keyof typeof answerMetrics

const wordsOf = (text: string) => (text === '' ? [] : text.split(' '))

const plainWords = (text: string) => text.toLowerCase().match(/[a-z0-9]+/g) ?? []

const best = (references: readonly string[], score: (reference: string) => number) =>
  references.reduce((most, reference) => Math.max(most, score(reference)), 0)

const harmonicMean = (precision: number, recall: number) =>
  precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)

function longestCommonSubsequence(left: readonly string[], right: readonly string[]): number {
  let above = new Uint32Array(right.length + 1)
  for (const word of left) {
    const row = new Uint32Array(right.length + 1)
    for (let i = 0; i < right.length; i++)
      row[i + 1] = word === right[i] ? above[i]! + 1 : Math.max(above[i + 1]!, row[i]!)
    above = row
  }
  return above[right.length]!
}

/** What a model's answer is in a word. */
import type { Trial } from '../../../core/engine/index.ts'

export type Side = 'before' | 'after'
export const sides: readonly Side[] = ['before', 'after']

/** The most likely choice, or the text. */
export function answerOf({ choices, texts }: Trial, side: Side): string {
  if (texts !== undefined) return texts[side]
  const [first, ...others] = choices ?? []
  if (first === undefined) return ''
  return others.reduce((best, it) => (it[side] > best[side] ? it : best), first).word
}

/**
 * Whether an answer is the right one; undefined where no one knows. Texts are compared without case
 * and outer space.
 */
export function isRight(trial: Trial, side: Side, expected: string | undefined) {
  if (expected === undefined) return undefined
  return plain(answerOf(trial, side)) === plain(expected)
}

const plain = (text: string) => text.trim().toLowerCase()

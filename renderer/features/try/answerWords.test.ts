import { describe, expect, it } from 'vitest'
import type { Trial } from '../../../core/engine/index.ts'
import { answerOf, isRight } from './answerWords.ts'

const choice: Trial = {
  prompt: 'Is it?',
  isShortened: false,
  choices: [
    { word: 'no', before: 0.9, after: 0.2 },
    { word: 'yes', before: 0.1, after: 0.8 },
  ],
}

describe('an answer in a word', () => {
  it('is the most likely choice, on each side', () => {
    expect([answerOf(choice, 'before'), answerOf(choice, 'after')]).toEqual(['no', 'yes'])
  })

  it('is the text where texts are written', () => {
    const trial: Trial = { prompt: '', isShortened: false, texts: { before: 'x', after: 'Paris' } }
    expect(answerOf(trial, 'after')).toBe('Paris')
    expect(isRight(trial, 'after', ' paris ')).toBe(true)
  })

  it('is right or wrong only where the right one is known', () => {
    expect(isRight(choice, 'after', 'yes')).toBe(true)
    expect(isRight(choice, 'before', 'yes')).toBe(false)
    expect(isRight(choice, 'after', undefined)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { exactMatch, f1, normaliseAnswer, rougeL } from './metrics.ts'

describe('answers are compared as SQuAD compares them', () => {
  it('without case, punctuation and articles', () => {
    expect(normaliseAnswer(' The  Eiffel-Tower, a landmark!')).toBe('eiffeltower landmark')
    expect(exactMatch('the Broncos.', ['Denver Broncos', 'Broncos'])).toBe(1)
    expect(exactMatch('Broncos of Denver', ['Denver Broncos'])).toBe(0)
  })

  // Expected by the rules of SQuAD's evaluation script.
  it.each([
    ['océan', 'océ', 0],
    ['the océan', 'océan', 1],
    ['éa', 'é', 0],
    ['naïve a', 'naïve', 1],
    ['Ångström thé', 'angstrom', 0],
    ['an élan', 'élan', 1],
  ])('"%s" equals "%s": %d, whatever letters they are written in', (answer, reference, same) => {
    expect(exactMatch(answer, [reference])).toBe(same)
    expect(f1(answer, [reference])).toBe(same)
  })

  // precision 2/3, recall 2/2
  it('F1 is the harmonic mean over words', () => {
    expect(f1('Denver Broncos won', ['the Denver Broncos'])).toBeCloseTo(0.8, 12)
    expect(f1('won', ['Denver', 'Denver won'])).toBeCloseTo(2 / 3, 12)
  })

  it('a word counts as often as it comes', () => {
    expect(f1('no no no', ['no'])).toBeCloseTo(0.5, 12)
  })

  it('nothing agrees with nothing only', () => {
    expect([f1('', ['']), f1('', ['x']), f1('x', ['the'])]).toEqual([1, 0, 0])
  })
})

describe('ROUGE-L', () => {
  // Lin (2004), section 3.1: the reference "police killed the gunman".
  it.each([
    ['police kill the gunman', 3 / 4],
    ['the gunman kill police', 2 / 4],
  ])('of "%s" is the one of the paper', (candidate, expected) => {
    expect(rougeL(candidate, ['police killed the gunman'])).toBeCloseTo(expected, 12)
  })

  it('takes the best reference, and weighs precision and recall alike', () => {
    expect(rougeL('a b', ['x', 'a b c d'])).toBeCloseTo(2 / 3, 12)
  })
})

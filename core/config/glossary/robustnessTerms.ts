/** Words of the glossary: attackers and privacy. */
import type { Term } from './term.ts'

export const robustnessTerms: readonly Term[] = [
  {
    term: 'attacker',
    code: 'attack',
    meaning: 'A client that sends other values than the ones it measured.',
  },
  {
    term: 'clip',
    symbol: 'C',
    code: 'clip',
    meaning: 'The length to which a longer private reply is scaled down.',
  },
  {
    term: 'noise multiplier',
    symbol: 'σ',
    code: 'noiseMultiplier',
    unit: 'clips',
    meaning: 'The standard deviation of the noise on a private reply, in units of the clip.',
    formula: 'g + N(0, (σC)²)',
  },
  {
    term: 'privacy spent',
    symbol: 'ε',
    code: 'epsilon',
    meaning: 'The privacy loss so far of the client that has replied most often.',
  },
  {
    term: 'failure probability',
    symbol: 'δ',
    code: 'delta',
    meaning: 'The probability with which the promise of ε may fail.',
  },
]

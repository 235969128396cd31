/** Words of the glossary: the diagonal Hessian. */
import type { Term } from './term.ts'

export const curvatureTerms: readonly Term[] = [
  {
    term: 'Hessian',
    symbol: 'Σ',
    code: 'hessian',
    unit: 'd × d',
    meaning: 'The second derivatives of the loss.',
  },
  {
    term: 'diagonal Hessian',
    symbol: 'H',
    code: 'hessian',
    unit: 'float32[d]',
    meaning:
      'What a method has learned of the diagonal of the Hessian; it starts at 1 and stays above 0.',
    formula: 'H ← (1 − ν) H + ν (Δ² + ε_H)',
  },
  {
    term: 'Hessian smoothing',
    symbol: 'ν',
    code: 'nu',
    meaning: "The weight of the new estimate in H; the authors' `hessian_smooth` is 1 − ν.",
  },
  {
    term: 'Hessian offset',
    symbol: 'ε_H',
    code: 'epsilon',
    meaning: 'A small number added to every squared estimate, so that H never reaches 0.',
  },
  {
    term: 'true diagonal',
    symbol: 'Σ_jj',
    code: 'trueDiagonal',
    unit: 'float32[d]',
    meaning: 'The diagonal of the Hessian of the loss on a fixed sample of training data.',
  },
  {
    term: 'effective rank',
    symbol: 'κ',
    code: 'effectiveRank',
    meaning: 'How many directions carry the curvature of the loss.',
    formula: 'κ = Tr(Σ) / ‖Σ‖',
  },
  {
    term: 'whitening rank',
    symbol: 'ζ',
    code: 'whiteningRank',
    meaning: 'What remains of the effective rank after whitening by H.',
    formula: 'ζ = Tr(H^(−1/2) Σ H^(−1/2))',
  },
  {
    term: 'largest curvature',
    symbol: 'L',
    code: 'largest',
    meaning: 'The largest eigenvalue of the Hessian of the quadratic task.',
  },
  {
    term: 'ceiling',
    code: 'ceiling',
    meaning:
      'The rank correlation that a perfect H would reach, given how well the truth is known.',
  },
]

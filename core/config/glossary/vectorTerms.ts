/** Words of the glossary: methods that send vectors. */
import type { Term } from './term.ts'

export const vectorTerms: readonly Term[] = [
  {
    term: 'update',
    symbol: 'Δ_i',
    code: 'Update',
    unit: 'float32[d]',
    meaning: "By how much a participant's local training changed the model.",
    formula: 'Δ_i = x_i − x',
  },
  {
    term: 'server learning rate',
    symbol: 'ηₛ',
    code: 'serverLearningRate',
    meaning: 'The size of the step that the server takes along the aggregated update.',
  },
  {
    term: 'server momentum',
    symbol: 'β_s',
    code: 'serverMomentum',
    meaning: "The share of the server's velocity that a round keeps.",
  },
  {
    term: 'first moment',
    symbol: 'β₁',
    code: 'firstMoment',
    meaning: 'The share of the running mean of updates that an adaptive server keeps.',
  },
  {
    term: 'second moment',
    symbol: 'β₂',
    code: 'secondMoment',
    meaning: 'The share of the running mean of squared updates that an adaptive server keeps.',
  },
  {
    term: 'proximal weight',
    symbol: 'ρ',
    code: 'proximalWeight',
    meaning: 'How strongly FedProx pulls local training back to the model that was sent.',
    formula: 'g + ρ (x_i − x)',
  },
  {
    term: 'control variate',
    symbol: 'c, c_i',
    code: 'control, ownControl',
    unit: 'float32[d]',
    meaning: "SCAFFOLD's correction for the drift of each client.",
    formula: 'g + c − c_i',
  },
]

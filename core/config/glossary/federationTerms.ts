/** Words of the glossary: who takes part in a round. */
import type { Term } from './term.ts'

export const federationTerms: readonly Term[] = [
  {
    term: 'client',
    symbol: 'i',
    code: 'client',
    meaning: 'One owner of data that takes part in training without giving its data away.',
  },
  {
    term: 'number of clients',
    symbol: 'M',
    code: 'clients',
    unit: 'clients',
    meaning: 'All clients of the federation, whether or not they take part in a round.',
  },
  {
    term: 'participants',
    symbol: 'm',
    code: 'participants',
    unit: 'clients per round',
    meaning: 'The clients that the server samples for a round, without replacement.',
  },
  {
    term: 'answering participants',
    code: 'answering, answered',
    unit: 'clients per round',
    meaning: 'The participants that did not drop out of the round.',
  },
  {
    term: 'round',
    symbol: 'r',
    code: 'round',
    meaning:
      'One exchange between the server and its participants; zero-based in code and files, one-based on screen.',
  },
  {
    term: 'number of rounds',
    symbol: 'R',
    code: 'rounds',
    unit: 'rounds',
    meaning: 'How many rounds the run lasts.',
  },
  {
    term: 'local step',
    symbol: 'k',
    code: 'localStep',
    meaning: 'One step that a participant takes on its own data within a round.',
  },
  {
    term: 'number of local steps',
    symbol: 'τ',
    code: 'localSteps',
    unit: 'steps per round',
    meaning: 'How many local steps each participant takes in a round.',
  },
  {
    term: 'minibatch',
    symbol: 'B',
    code: 'batchSize',
    unit: 'samples',
    meaning: 'The samples of its own that a client measures one local step on.',
  },
  {
    term: 'split',
    code: 'split, Partition',
    meaning: 'Which client holds which training samples.',
  },
  {
    term: 'Dirichlet concentration',
    symbol: 'α',
    code: 'alpha',
    meaning:
      'How alike the class mixes of clients are: a small value gives each client few classes.',
    formula: 'q_i ~ Dir(α, …, α)',
  },
  {
    term: 'aggregator',
    code: 'aggregator',
    meaning:
      'The rule that turns the replies of a round into one: mean, median, trimmed mean or Krum.',
  },
]

/** Words of the glossary: runs and the engine. */
import type { Term } from './term.ts'

export const engineTerms: readonly Term[] = [
  {
    term: 'log',
    code: 'ScalarLog',
    meaning: 'All entries and changes of a run, in order.',
  },
  {
    term: 'replica',
    symbol: '(x, H)',
    code: 'Replica',
    meaning:
      'A copy of the parameters and the diagonal Hessian that changes only by applying the log.',
  },
  {
    term: 'state hash',
    code: 'stateHash',
    meaning: 'The SHA-256 of x, followed by H.',
  },
  {
    term: 'worker',
    code: 'RoundWorker',
    meaning: 'A replica and an objective that measure losses, in a thread of their own.',
  },
  {
    term: 'shared state',
    code: 'SharedState',
    meaning: 'One copy of x and H that all workers of a process update together.',
  },
  {
    term: 'chunk',
    code: 'chunksAt',
    meaning: 'The coordinates that one worker updates at a time where the state is shared.',
  },
  {
    term: 'provider',
    code: 'provider',
    meaning: 'Where ONNX Runtime computes: cpu, webgpu, cuda, dml or coreml.',
  },
  {
    term: 'residency',
    code: 'Residency',
    meaning:
      'Whether the parameters stay on the device that computes the losses or are sent for each pass.',
  },
  {
    term: 'library',
    meaning: 'A folder of runs.',
  },
]

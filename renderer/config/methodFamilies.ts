/**
 * Methods as a long list needs them: under the family that they belong to, each with where it was
 * published.
 */

import type { RunConfig } from '../../core/config/index.ts'

interface MethodNote {
  readonly family: string
  readonly source: string
}

const scalars = 'Scalars only'
const estimated = 'Whole models, gradients estimated'
const exact = 'Whole models, true gradients'

const notes: Readonly<Record<string, MethodNote>> = {
  hiso: { family: scalars, source: 'arXiv 2506.02370' },
  decomfl: { family: scalars, source: 'arXiv 2405.15861' },
  mezo: { family: scalars, source: 'arXiv 2305.17333' },
  fedkseed: { family: scalars, source: 'arXiv 2312.06353' },
  feedsign: { family: scalars, source: 'arXiv 2501.17610' },
  fedzo: { family: estimated, source: 'arXiv 2201.09531' },
  fedavg: { family: exact, source: 'arXiv 1602.05629' },
  fedavgm: { family: exact, source: 'arXiv 1909.06335' },
  fedprox: { family: exact, source: 'arXiv 1812.06127' },
  scaffold: { family: exact, source: 'arXiv 1910.06378' },
  fedadam: { family: exact, source: 'arXiv 2003.00295' },
  fedyogi: { family: exact, source: 'arXiv 2003.00295' },
  fedadagrad: { family: exact, source: 'arXiv 2003.00295' },
}

/** Whether a method's messages are as long as the model. */
export function sendsVectors(method: string | undefined): boolean {
  return method !== undefined && (notes[method]?.family ?? scalars) !== scalars
}

/** Whether a config's method learns a diagonal Hessian. */
export function learnsHessian(config: RunConfig | undefined): boolean {
  return config !== undefined && 'hessian' in config.method
}

/**
 * What stands over and beside a choice of a field; nothing but for methods. A method that is not
 * named here is one that sends scalars.
 */
export function choiceNote(path: string, value: string): { group?: string; detail?: string } {
  if (path !== 'method.name') return {}
  const note = notes[value]
  return note === undefined ? { group: scalars } : { group: note.family, detail: note.source }
}

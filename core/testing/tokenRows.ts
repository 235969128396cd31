/** Rows of tokens for tests: the answer follows from the first token. */
import type { SequenceDataset, SequenceSamples } from '../data/index.ts'

export interface TokenRowOptions {
  readonly rows: number
  readonly length: number
  readonly vocabulary: number
  /** One token per class; left out where the row's last two tokens are to be learned. */
  readonly candidates?: readonly number[]
}

/** Rows of up to `length` tokens, of different lengths; train and test are the same rows. */
export function tokenRows({
  rows,
  length,
  vocabulary,
  candidates,
}: TokenRowOptions): SequenceDataset {
  const classes = candidates?.length ?? 1
  const all = Array.from({ length: rows }, (_, row) => {
    const tokens = length - (row % 2)
    const ids = Int32Array.from({ length: tokens }, (_, at) => (7 * row + 5 * at + 1) % vocabulary)
    return { ids, answerFrom: candidates === undefined ? tokens - 2 : tokens }
  })
  const samples: SequenceSamples = {
    count: rows,
    labels: Int32Array.from(all, ({ ids }) => ids[0]! % classes),
    row: (index) => all[index]!,
    references: () => [],
  }
  return {
    name: 'rows',
    title: 'Rows',
    classes: Array.from({ length: classes }, (_, i) => `class ${i}`),
    candidates,
    vocabulary,
    padding: { token: 0, side: 'right' },
    longest: length,
    train: samples,
    test: samples,
    fingerprint: 'rows',
    notices: [],
  }
}

/**
 * Rows of tokens in memory that all threads of a process read: tokenised once and held once, for
 * any number of workers.
 */
import type { SequenceDataset, SequenceSamples } from './sequences.ts'

/** Plain data that structured clone accepts; its arrays are shared, not copied. */
export interface SharedSequences extends Omit<SequenceDataset, 'train' | 'test'> {
  readonly train: SharedSamples
  readonly test: SharedSamples
}

interface SharedSamples {
  /** Of each row. */
  readonly labels: Int32Array
  readonly answerFrom: Int32Array
  /** Where each row's tokens begin, and finally where the last row ends; int32[rows + 1]. */
  readonly starts: Int32Array
  /** The tokens of all rows, one row after the other. */
  readonly tokens: Int32Array
  /** Empty unless answers are texts. */
  readonly references: readonly (readonly string[])[]
}

export function shareSequences({ train, test, ...dataset }: SequenceDataset): SharedSequences {
  return { ...dataset, train: shareSamples(train), test: shareSamples(test) }
}

export function openShared({ train, test, ...dataset }: SharedSequences): SequenceDataset {
  return { ...dataset, train: openSamples(train), test: openSamples(test) }
}

function shareSamples(samples: SequenceSamples): SharedSamples {
  const { count } = samples
  const [labels, answerFrom, starts] = [shared(count), shared(count), shared(count + 1)]
  labels.set(samples.labels)
  for (let index = 0; index < count; index++) {
    const { ids, answerFrom: from } = samples.row(index)
    answerFrom[index] = from
    starts[index + 1] = starts[index]! + ids.length
  }
  const tokens = shared(starts[count]!)
  for (let index = 0; index < count; index++) tokens.set(samples.row(index).ids, starts[index])
  const references = Array.from({ length: count }, (_, index) => samples.references(index))
  const hasReferences = references.some((it) => it.length > 0)
  return { labels, answerFrom, starts, tokens, references: hasReferences ? references : [] }
}

const shared = (length: number) => new Int32Array(new SharedArrayBuffer(4 * length))

function openSamples(samples: SharedSamples): SequenceSamples {
  const { labels, answerFrom, starts, tokens, references } = samples
  return {
    count: labels.length,
    labels,
    row: (index) => ({
      ids: tokens.subarray(starts[index], starts[index + 1]),
      answerFrom: answerFrom[index]!,
    }),
    references: (index) => references[index] ?? [],
  }
}

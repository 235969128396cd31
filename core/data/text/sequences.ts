/**
 * Labelled rows of tokens in memory, as a language model's objective sees them, whatever text and
 * template they came from.
 */

export interface TokenRow {
  /** The row's tokens without padding: the prompt, followed by the answer if answers are texts. */
  readonly ids: Int32Array
  /**
   * The model learns the tokens from here on, each from all before it. A classification prompt ends
   * here (`ids.length`), and one of the dataset's candidates follows.
   */
  readonly answerFrom: number
}

export interface SequenceSamples {
  readonly count: number
  /** Index of each row into the dataset's classes; 0 for all rows if answers are texts. */
  readonly labels: Int32Array
  row(index: number): TokenRow
  /** For text answers: the accepted answers of row `index`. */
  references(index: number): readonly string[]
}

/** The side on which short rows are padded. */
export interface Padding {
  readonly token: number
  readonly side: 'left' | 'right'
}

/** Which of several groups each training row belongs to, by a column of the texts. */
export interface RowGroups {
  readonly names: readonly string[]
  /** Of each row the index of its group's name. */
  readonly of: Int32Array
}

export interface SequenceDataset {
  /** Its name in a config. */
  readonly name: string
  /** Its name for people. */
  readonly title: string
  /** Names of the classes, in index order; a single one if answers are texts. */
  readonly classes: readonly string[]
  /** The token of each class after a prompt; undefined if answers are texts. */
  readonly candidates: readonly number[] | undefined
  /** One more than the tokenizer's largest token id. */
  readonly vocabulary: number
  readonly padding: Padding
  /** Tokens of the longest row. */
  readonly longest: number
  /** Left out unless the split is by a column. */
  readonly groups?: RowGroups
  readonly train: SequenceSamples
  readonly test: SequenceSamples
  /**
   * SHA-256 over everything that affects a run's result: tokens, labels, candidates, padding, the
   * split.
   */
  readonly fingerprint: string
  /** What was shortened or left out, for people. */
  readonly notices: readonly string[]
}

/** Rows side by side, padded to the longest of them. */
export interface TokenBatch {
  readonly rows: number
  readonly length: number
  /** int64[rows · length] */
  readonly ids: BigInt64Array
  /** 1 for tokens, 0 for padding; int64[rows · length]. */
  readonly attention: BigInt64Array
  /** Column of each row's first token. */
  readonly starts: Int32Array
}

/** Puts rows side by side. @param length at least that of the longest row, which is the default */
export function padRows(
  rows: readonly TokenRow[],
  { token, side }: Padding,
  length = rows.reduce((longest, { ids }) => Math.max(longest, ids.length), 1),
): TokenBatch {
  const ids = new BigInt64Array(rows.length * length).fill(BigInt(token))
  const attention = new BigInt64Array(rows.length * length)
  const starts = Int32Array.from(rows, (row) => (side === 'left' ? length - row.ids.length : 0))
  rows.forEach((row, index) => {
    const at = index * length + starts[index]!
    row.ids.forEach((id, offset) => {
      ids[at + offset] = BigInt(id)
      attention[at + offset] = 1n
    })
  })
  return { rows: rows.length, length, ids, attention, starts }
}

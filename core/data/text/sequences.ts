/**
 * Labelled rows of tokens in memory: what a language model's objective sees, whatever text and
 * template they came from.
 */

export interface TokenRow {
  /**
   * The row's tokens, without padding: the prompt, and behind it the answer where answers are
   * learned as text.
   */
  readonly ids: Int32Array
  /**
   * Tokens from here on are learned, each from all before it. A prompt that is to be classified
   * ends here: `ids.length`, and what follows it is one of the dataset's candidates.
   */
  readonly answerFrom: number
}

export interface SequenceSamples {
  readonly count: number
  /** Of each row the index into the dataset's classes; 0 for all where answers are texts. */
  readonly labels: Int32Array
  row(index: number): TokenRow
  /** For text answers: the texts of row `index` that count as right. */
  references(index: number): readonly string[]
}

/** Where rows shorter than others are filled up. */
export interface Padding {
  readonly token: number
  readonly side: 'left' | 'right'
}

export interface SequenceDataset {
  /** The name it is configured by. */
  readonly name: string
  /** What a person calls it. */
  readonly title: string
  /** Names of the classes, in index order; a single one where answers are texts. */
  readonly classes: readonly string[]
  /** The token that stands for each class behind a prompt; undefined where answers are texts. */
  readonly candidates: readonly number[] | undefined
  /** One more than the largest token id that the tokenizer knows. */
  readonly vocabulary: number
  readonly padding: Padding
  /** Tokens of the longest row. */
  readonly longest: number
  readonly train: SequenceSamples
  readonly test: SequenceSamples
  /**
   * SHA-256 over everything that a run's result depends on: tokens, labels, candidates, padding,
   * the split.
   */
  readonly fingerprint: string
  /** What was shortened or left out, for people. */
  readonly notices: readonly string[]
}

/** Rows side by side, filled up to the longest of them. */
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

/**
 * Puts rows side by side. @param length at least that of the longest row; left out: exactly that
 */
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

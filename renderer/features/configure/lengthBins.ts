/** A histogram of tokenised lengths around the length at which rows are shortened. */

export interface LengthBin {
  /** Tokens [from, to); the last bin holds all that are longer. */
  readonly from: number
  readonly to: number
  readonly count: number
  /** Rows of it are shortened. */
  readonly isShortened: boolean
}

const binCount = 24

/** @param lengths tokens of each row @param maxLength rows with more are shortened */
export function lengthBins(lengths: Int32Array, maxLength: number): readonly LengthBin[] {
  if (lengths.length === 0) return []
  const longest = lengths.reduce((most, it) => Math.max(most, it))
  // A few very long rows would press all others into one bin.
  const shown = Math.min(longest, Math.max(2 * maxLength, 8)) + 1
  // The edge of a bin lies at the limit, so that no bin is shortened in part.
  const width = widthFor(maxLength, shown)
  const offset = (maxLength + 1) % width
  const first = offset === 0 ? 0 : offset - width
  const bins = Math.max(1, Math.ceil((shown - first) / width))
  const counts = new Array<number>(bins).fill(0)
  for (const length of lengths) counts[Math.min(bins - 1, Math.floor((length - first) / width))]!++
  return counts.map((count, bin) => {
    const from = Math.max(0, first + bin * width)
    const to =
      bin === bins - 1
        ? Math.max(longest + 1, first + (bin + 1) * width)
        : first + (bin + 1) * width
    return { from, to, count, isShortened: from > maxLength }
  })
}

function widthFor(maxLength: number, shown: number): number {
  return Math.max(1, Math.min(maxLength + 1, Math.ceil(shown / binCount)))
}

/** How many rows have more tokens than `maxLength`. */
export function shortenedCount(lengths: Int32Array, maxLength: number): number {
  return lengths.reduce((count, it) => count + (it > maxLength ? 1 : 0), 0)
}

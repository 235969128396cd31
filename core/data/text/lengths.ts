/** The lengths of a dataset's rows, in tokens. */
import type { SequenceSamples } from './sequences.ts'

export interface LengthDistribution {
  readonly shortest: number
  readonly median: number
  /** Nine of ten rows have at most this length. */
  readonly ninetieth: number
  readonly longest: number
  readonly mean: number
  /** Rows per interval of equal width, from 0 to the longest. */
  readonly histogram: { readonly width: number; readonly counts: readonly number[] }
}

const intervals = 20

/** @param samples at least one row */
export function lengthDistribution(samples: SequenceSamples): LengthDistribution {
  const lengths = Int32Array.from(
    { length: samples.count },
    (_, i) => samples.row(i).ids.length,
  ).sort()
  const at = (share: number) => lengths[Math.ceil(share * lengths.length) - 1] ?? lengths[0] ?? 0
  const longest = lengths.at(-1) ?? 0
  const width = Math.max(1, Math.ceil((longest + 1) / intervals))
  const counts = Array.from({ length: Math.ceil((longest + 1) / width) }, () => 0)
  for (const length of lengths) counts[Math.floor(length / width)]!++
  return {
    shortest: lengths[0] ?? 0,
    median: at(0.5),
    ninetieth: at(0.9),
    longest,
    mean: lengths.reduce((sum, length) => sum + length, 0) / Math.max(1, lengths.length),
    histogram: { width, counts },
  }
}

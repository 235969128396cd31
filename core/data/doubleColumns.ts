/** Columns whose numbers float32 can't tell apart well enough, such as times in seconds. */
import type { Preprocessing } from './dataset.ts'
import { excerpt } from './table/cell.ts'

/** float32 has 24 bits: from here on less than 13 of them are left for what differs. */
const MOST_DEVIATIONS = 2 ** 11
/** What float32 holds, with room for the values that lie apart from the mean. */
const LARGEST = 2 ** 120

/** @returns their indices */
export function doubleColumns(preprocessing: Preprocessing): number[] {
  if (preprocessing.kind !== 'standardise') return []
  return preprocessing.mean.flatMap((mean, column) => {
    const std = preprocessing.std[column]!
    const size = Math.max(Math.abs(mean), std)
    // A constant column becomes 0, whatever it holds.
    const isApart = std === 0 || (size <= MOST_DEVIATIONS * std && std > 1 / LARGEST)
    return isApart && size < LARGEST ? [] : [column]
  })
}

/** What a run says of them. */
export function doubleColumnNotices(preprocessing: Preprocessing): string[] {
  if (preprocessing.kind !== 'standardise') return []
  const { columns, mean, std } = preprocessing
  return doubleColumns(preprocessing).map((column) => {
    const [centre, deviation] = [mean[column]!, std[column]!].map((it) => it.toPrecision(3))
    return `Numbers in column "${excerpt(columns[column]!)}" are too much alike, too large or too small for float32 (mean ${centre}, deviation ${deviation}): they are standardised as float64, and an exported model takes float64.`
  })
}

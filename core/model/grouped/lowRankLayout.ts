/**
 * Where the factors of a low-rank direction lie. A tensor of two or more axes is a matrix: its
 * first axis has the rows, all others together, row by row, the columns (a convolution's output
 * channels × everything else). It stays dense where r(m + n) ≥ m·n, and so do vectors.
 */
import { HisoError } from '../../base/index.ts'

interface Tensor {
  readonly name: string
  readonly shape: readonly number[]
}

/** A tensor's place in x and in the stream of factors. */
export interface LowRankPart {
  /** Of the first coordinate in x. */
  readonly start: number
  readonly rows: number
  readonly columns: number
  /** r, or 0 where it stays dense. */
  readonly rank: number
  /** Of the first of its numbers among the factors: U row by row, then V column by column. */
  readonly at: number
}

export interface LowRankLayout {
  /** In the order of x. */
  readonly parts: readonly LowRankPart[]
  /** Numbers of a direction. */
  readonly length: number
}

/**
 * @param tensors in the order of x
 * @throws HisoError CONFIG_INVALID where no tensor has a form of rank r that is smaller than itself
 */
export function lowRankLayout(tensors: readonly Tensor[], rank: number): LowRankLayout {
  const parts: LowRankPart[] = []
  let [start, at] = [0, 0]
  for (const { shape } of tensors) {
    const size = shape.reduce((product, length) => product * length, 1)
    const rows = shape.length > 1 ? shape[0]! : 1
    const columns = size / rows
    const isMatrix = rank * (rows + columns) < size
    parts.push({ start, rows, columns, rank: isMatrix ? rank : 0, at })
    start += size
    at += isMatrix ? rank * (rows + columns) : size
  }
  if (parts.every((part) => part.rank === 0)) throw refusal(tensors, rank)
  return { parts, length: at }
}

function refusal(tensors: readonly Tensor[], rank: number): HisoError {
  const [largest] = tensors
    .filter(({ shape }) => shape.length > 1)
    .map(({ name, shape }) => {
      const size = shape.reduce((product, length) => product * length, 1)
      const rows = shape[0]!
      return { name, rows, columns: size / rows, most: largestRank(rows, size / rows) }
    })
    .sort((a, b) => b.most - a.most)
  if (largest === undefined || largest.most === 0)
    return new HisoError('CONFIG_INVALID', {
      where: 'method.distribution',
      what: 'low-rank directions need a matrix, and this model has none',
      remedy: 'Choose gaussian, rademacher or sphere',
    })
  return new HisoError('CONFIG_INVALID', {
    where: 'method.rank',
    what: `rank ${rank} saves nothing: no matrix of this model is larger than its two factors of that rank`,
    remedy: `Choose at most ${largest.most}, for ${largest.name} (${largest.rows} × ${largest.columns}), or another method.distribution`,
  })
}

/** The largest r with r(m + n) < m·n. */
function largestRank(rows: number, columns: number): number {
  return Math.ceil((rows * columns) / (rows + columns)) - 1
}

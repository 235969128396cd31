/** How closely two vectors agree, and how certain that is. */
import type { Estimate } from './diagonal.ts'

/**
 * Spearman's rank correlation, ties at their mean rank. Its standard error is Bonett and Wright's,
 * for d independent values.
 *
 * @returns NaN if one of the two is constant
 * @see Bonett and Wright, "Sample size requirements for estimating Pearson, Kendall and Spearman
 *   correlations", 2000
 */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): Estimate {
  const value = correlation(ranksOf(a), ranksOf(b))
  const error = (1 - value * value) * Math.sqrt((1 + (value * value) / 2) / (a.length - 3))
  return { value, error: a.length > 3 ? error : Infinity }
}

/**
 * Pearson's correlation of the logarithms of the values above 0 in both. @returns NaN for fewer
 * than three, or constant ones
 */
export function logCorrelation(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
): { readonly value: number; readonly count: number } {
  const logs: [number[], number[]] = [[], []]
  for (let j = 0; j < a.length; j++) {
    if (!(a[j]! > 0 && b[j]! > 0)) continue
    logs[0].push(Math.log(a[j]!))
    logs[1].push(Math.log(b[j]!))
  }
  const [first, second] = logs
  const count = first.length
  return { value: count < 3 ? NaN : correlation(first, second), count }
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [meanA, meanB] = [meanOf(a), meanOf(b)]
  let [ab, aa, bb] = [0, 0, 0]
  for (let j = 0; j < a.length; j++) {
    const [offA, offB] = [a[j]! - meanA, b[j]! - meanB]
    ab += offA * offB
    aa += offA * offA
    bb += offB * offB
  }
  return ab / Math.sqrt(aa * bb)
}

export function meanOf(values: ArrayLike<number>): number {
  let sum = 0
  for (let j = 0; j < values.length; j++) sum += values[j]!
  return sum / values.length
}

/** 1-based ranks, ascending; equal values share the mean of their ranks. */
export function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Uint32Array.from({ length: values.length }, (_, j) => j)
  order.sort((a, b) => values[a]! - values[b]!)
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length;) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    for (let i = from; i < to; i++) ranks[order[i]!] = (from + 1 + to) / 2
    from = to
  }
  return ranks
}

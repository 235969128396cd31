/**
 * How many times less one group of runs needed than another, from runs of the same seed: what a
 * seed makes easy or hard is the same for both, and cancels.
 */
import { exp, log } from '../random/index.ts'
import type { Cost } from './censored.ts'
import { summarize } from './groupStatistics.ts'

export interface Pair {
  readonly base: Cost
  readonly own: Cost
}

export interface PairedRatio {
  /** Pairs of which both reached the target. */
  readonly pairs: number
  /** All pairs. */
  readonly of: number
  /** Times less than the baseline: the geometric mean of all pairs, base / own. */
  readonly ratio: number
  /** Its 95% interval by Student's t on the logarithms; absent for a single pair. */
  readonly interval?: readonly [low: number, high: number]
}

/**
 * @returns undefined without a pair, or where one of a pair did not reach the target: a mean over
 *   the others would flatter
 */
export function pairedRatio(pairs: readonly Pair[]): PairedRatio | undefined {
  const whole = pairs.filter(({ base, own }) => base.isReached && own.isReached)
  if (whole.length === 0 || whole.length < pairs.length) return undefined
  // The same values give exactly 1, without the digits that logarithms lose.
  if (whole.every(({ base, own }) => base.value === own.value))
    return { pairs: whole.length, of: pairs.length, ratio: 1 }
  const logs = whole.map(({ base, own }) => log(base.value / own.value))
  const { n, mean, halfWidth } = summarize(logs)
  const ratio = exp(mean)
  if (n < 2) return { pairs: n, of: pairs.length, ratio }
  const interval = [exp(mean - halfWidth), exp(mean + halfWidth)] as const
  return { pairs: n, of: pairs.length, ratio, interval }
}

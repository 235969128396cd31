import type { Aggregator } from './aggregator.ts'
import { mean } from './mean.ts'

/**
 * Krum's score of each row: the sum of squared distances to its n − f − 2 nearest others; low where
 * many agree. With fewer than 2f + 3 rows, f is reduced to the most that they allow.
 *
 * @param attackers f
 * @returns float64[n]
 */
export function krumScores(rows: readonly Float32Array[], attackers: number): Float64Array {
  const allowed = Math.max(0, Math.floor((rows.length - 3) / 2))
  const neighbours = Math.max(1, rows.length - Math.min(attackers, allowed) - 2)
  const distances = rows.map(() => new Float64Array(rows.length))
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j < i; j++)
      distances[i]![j] = distances[j]![i] = squaredDistance(rows[i]!, rows[j]!)
  return Float64Array.from(distances, (own, i) =>
    own
      .filter((_, j) => j !== i)
      .sort()
      .subarray(0, neighbours)
      .reduce((sum, distance) => sum + distance, 0),
  )
}

/**
 * Krum: the one row that its nearest neighbours agree with most. Multi-Krum: the mean of the
 * `selected` best. Among equal scores the lower client wins. It withstands f attackers among n ≥ 2f
 * + 3.
 *
 * @param attackers f
 * @param selected how many rows are averaged
 * @see arXiv 1703.02757 (Blanchard et al. 2017), section 4
 */
export function krum(attackers: number, selected: number): Aggregator {
  return {
    formula:
      selected === 1
        ? String.raw`\bar g = g_{i^*}, \quad i^* = \operatorname{argmin}_i \sum_{j \to i} \lVert g_i - g_j \rVert^2`
        : String.raw`\bar g = \frac{1}{${selected}} \sum_{i \in \text{best}} g_i`,
    aggregate(rows) {
      const scores = krumScores(rows, attackers)
      const best = rows
        .map((_, index) => index)
        .sort((a, b) => scores[a]! - scores[b]! || a - b)
        .slice(0, selected)
        .sort((a, b) => a - b)
      return mean.aggregate(best.map((index) => rows[index]!))
    },
  }
}

/** ‖a − b‖² in float64. */
function squaredDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let index = 0; index < a.length; index++) sum += (a[index]! - b[index]!) ** 2
  return sum
}

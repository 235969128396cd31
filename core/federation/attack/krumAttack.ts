import { krumScores } from '../aggregation/index.ts'
import { honestRows, meanAt, type Attack } from './attack.ts'

/** The search for λ stops below this share of its upper bound. */
const smallestShare = 2 ** -20

/**
 * The attack on Krum: all attackers send −λ·s, s the signs of the honest mean. λ is the largest of
 * the upper bound, half of it, a quarter… for which Krum chooses them.
 *
 * @see arXiv 1911.11815 (Fang et al. 2020), section 4.2, full knowledge; the bound is its Theorem 1
 *   with the model before the round as origin. Differs: the attackers' rows are equal; the paper
 *   spreads them within a small ball.
 */
export const krumAttack: Attack = {
  forge(scene) {
    const { rows, attackers } = scene
    const honest = honestRows(scene)
    const signs = rows[0]!.map((_, index) => (meanAt(honest, index) >= 0 ? 1 : -1))
    const largest = largestLambda(honest, rows.length, attackers.length)
    for (let share = 1; ; share /= 2) {
      const forged = signs.map((sign) => -largest * share * sign)
      const tried = rows.map((row, index) => (attackers.includes(index) ? forged : row))
      if (isChosen(tried, attackers) || share <= smallestShare) return attackers.map(() => forged)
    }
  },
}

/** Whether Krum chooses a row of the attackers. */
function isChosen(rows: readonly Float32Array[], attackers: readonly number[]): boolean {
  const scores = krumScores(rows, attackers.length)
  return attackers.includes(scores.indexOf(Math.min(...scores)))
}

/**
 * √(Σ / ((n − 2c − 1)·d)) + max ‖row‖ / √d, with Σ the least sum of squared distances from an
 * honest row to the n − c − 2 others.
 */
function largestLambda(honest: readonly Float32Array[], n: number, c: number): number {
  const dim = honest[0]!.length
  const nearest = Math.min(...krumScores(honest, 0))
  const norm = Math.sqrt(Math.max(...honest.map((row) => row.reduce((sum, g) => sum + g * g, 0))))
  return Math.sqrt(nearest / (Math.max(1, n - 2 * c - 1) * dim)) + norm / Math.sqrt(dim)
}

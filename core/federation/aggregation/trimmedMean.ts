import type { Aggregator } from './aggregator.ts'

/**
 * Coordinate by coordinate, the mean without the b largest and the b smallest values. If fewer than
 * 2b + 1 answer, it cuts until one (n odd) or two are left: the median.
 *
 * @param attackers b
 * @see arXiv 1803.01498 (Yin et al. 2018), Definition 2, with b for βm
 */
export function trimmedMean(attackers: number): Aggregator {
  return {
    formula:
      attackers === Infinity
        ? String.raw`\bar g = \operatorname{median}_i g_i`
        : String.raw`\bar g = \frac{1}{m - ${2 * attackers}} \sum_{j=${attackers + 1}}^{m-${attackers}} g_{(j)}, \; g_{(1)} \le \dots \le g_{(m)}`,
    aggregate(rows) {
      const cut = Math.min(attackers, Math.ceil(rows.length / 2) - 1)
      const column = new Float32Array(rows.length)
      return rows[0]!.map((_, index) => {
        for (const [at, row] of rows.entries()) column[at] = row[index]!
        column.sort()
        let sum = 0
        for (let at = cut; at < rows.length - cut; at++) sum += column[at]!
        return sum / (rows.length - 2 * cut)
      })
    },
  }
}

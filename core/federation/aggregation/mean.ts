import type { Aggregator } from './aggregator.ts'

/**
 * The mean over participants, summed in float64 by ascending client. A single attacker can move it
 * anywhere.
 */
export const mean: Aggregator = {
  formula: String.raw`\bar g = \frac{1}{m} \sum_i g_i`,
  aggregate: (rows) =>
    rows[0]!.map((_, index) => {
      let sum = 0
      for (const row of rows) sum += row[index]!
      return sum / rows.length
    }),
}

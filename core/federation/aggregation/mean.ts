import type { Aggregator } from './aggregator.ts'

/**
 * The mean over participants, summed in float64 by ascending client. One attacker moves it wherever
 * it wants.
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

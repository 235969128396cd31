/**
 * Costs of reaching a target where some runs never did: nobody knows what those would have needed,
 * only that it is more than they had. A mean over the others would be one over the lucky ones.
 */

/** What a run needed, or had spent in vain when it ended. */
export interface Cost {
  readonly value: number
  readonly isReached: boolean
}

/** Over the runs of a group. */
export interface CensoredSummary {
  readonly runs: number
  readonly reached: number
  /**
   * The median, by Kaplan and Meier (1958); undefined where fewer than half of the runs got there.
   */
  readonly median: number | undefined
}

/**
 * The share of runs that have not reached the target yet falls at each cost at which one does, by
 * the share of those still running that do. The median is where it comes to a half: the middle of
 * the stretch where it is exactly that, as R's survival package has it.
 */
export function summarizeCosts(costs: readonly Cost[]): CensoredSummary {
  const sorted = costs.toSorted(
    (a, b) => a.value - b.value || Number(b.isReached) - Number(a.isReached),
  )
  const reached = sorted.filter(({ isReached }) => isReached).length
  return { runs: sorted.length, reached, median: medianOf(sorted) }
}

/** Below this a share that ought to be a half counts as one: products of fractions are rounded. */
const tolerance = 1e-9

/** @param sorted by value; who reached it before who did not, at equal values */
function medianOf(sorted: readonly Cost[]): number | undefined {
  let share = 1
  let first: number | undefined
  for (let at = 0; at < sorted.length;) {
    const { value } = sorted[at]!
    const running = sorted.length - at
    let events = 0
    while (at < sorted.length && sorted[at]!.value === value) if (sorted[at++]!.isReached) events++
    if (events === 0) continue
    // The half began at `first` and ends here.
    if (first !== undefined) return (first + value) / 2
    share *= 1 - events / running
    if (share < 0.5 - tolerance) return value
    if (share < 0.5 + tolerance) first = value
  }
  return first
}

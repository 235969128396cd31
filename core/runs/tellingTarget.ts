/**
 * A target that tells groups of runs apart. The hardest that all reach is the worst run's best:
 * where one group fails, all others reach that at their first evaluation, and look alike.
 */
import type { TargetMetric } from './compare.ts'
import { bestInColumns, groupReach, type ReachingRun } from './seriesTargets.ts'

/** More candidates cost time and tell no more. */
const candidates = 24

/**
 * Of the values that groups came to, the one at which most pairs of groups differ in their rounds;
 * of equal ones that which most groups reach, then the hardest.
 * @returns undefined where nothing was measured
 */
export function tellingTarget(
  groups: readonly (readonly ReachingRun[])[],
  metric: TargetMetric,
): number | undefined {
  const isShare = metric === 'testAccuracy'
  const bests = groups
    .flatMap((runs) => runs.map(({ columns }) => bestInColumns(columns, metric)))
    .filter((value) => Number.isFinite(value))
  const hardestLast = [...new Set(bests.map((value) => easier(value, isShare)))].sort((a, b) =>
    isShare ? a - b : b - a,
  )
  let found: { readonly value: number; readonly score: number } | undefined
  for (const value of thinned(hardestLast)) {
    const score = scoreOf(groups, { metric, value })
    if (found === undefined || score >= found.score) found = { value, score }
  }
  return found?.value
}

/** Pairs that differ count most, then groups that get there. */
function scoreOf(
  groups: readonly (readonly ReachingRun[])[],
  target: Parameters<typeof groupReach>[1],
): number {
  const counts = new Map<number | undefined, number>()
  for (const runs of groups) {
    const { median } = groupReach(runs, target).rounds
    counts.set(median, (counts.get(median) ?? 0) + 1)
  }
  const alike = [...counts.values()].reduce((sum, count) => sum + (count * (count - 1)) / 2, 0)
  const reaching = groups.length - (counts.get(undefined) ?? 0)
  return reaching - alike * (groups.length + 1)
}

function thinned(values: readonly number[]): readonly number[] {
  if (values.length <= candidates) return values
  const step = (values.length - 1) / (candidates - 1)
  return Array.from({ length: candidates }, (_, at) => values[Math.round(at * step)]!)
}

/** Three digits, rounded to the easier side: a run that had the value still reaches it. */
function easier(value: number, isShare: boolean): number {
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(value) || 1)) - 2)
  const rounded = isShare ? Math.floor(value / unit) : Math.ceil(value / unit)
  return Number((rounded * unit).toPrecision(6))
}

/**
 * The cost of reaching a target: rounds, bytes, seconds. Statistics of whole runs, whatever part is
 * on screen.
 */
import type { MetricsRow } from './metrics.ts'

export type TargetMetric = 'testAccuracy' | 'testLoss' | 'trainLoss'

export interface Target {
  readonly metric: TargetMetric
  /** Accuracy is reached from below, losses from above. */
  readonly value: number
}

/** The cost of reaching a target. */
export interface Reached {
  readonly rounds: number
  readonly uplinkBytes: number
  readonly downlinkBytes: number
  readonly forwardPasses: number
  readonly elapsedMs: number
  /** Undefined without a network. */
  readonly simulatedMs?: number | undefined
}

/** The first round whose measured value meets the target, or undefined if none does. */
export function reach(rows: readonly MetricsRow[], { metric, value }: Target): Reached | undefined {
  const row = rows.find((candidate) => {
    const measured = candidate[metric]
    if (measured === undefined) return false
    return metric === 'testAccuracy' ? measured >= value : measured <= value
  })
  return (
    row && {
      rounds: row.round,
      uplinkBytes: row.cumulativeUplinkBytes,
      downlinkBytes: row.cumulativeDownlinkBytes,
      forwardPasses: row.cumulativeForwardPasses,
      elapsedMs: row.elapsedMs,
      ...(row.simulatedMs !== undefined && { simulatedMs: row.simulatedMs }),
    }
  )
}

/** The best value of a metric over a run, or undefined if it was never measured. */
export function bestOf(rows: readonly MetricsRow[], metric: TargetMetric): number | undefined {
  const values = rows.flatMap((row) => row[metric] ?? [])
  if (values.length === 0) return undefined
  return values.reduce(
    metric === 'testAccuracy' ? (a, b) => Math.max(a, b) : (a, b) => Math.min(a, b),
  )
}

/**
 * The hardest target that every run reached: the worst of their best values; undefined if one never
 * measured it.
 */
export function commonTarget(
  runs: readonly (readonly MetricsRow[])[],
  metric: TargetMetric,
): Target | undefined {
  const bests = runs.map((rows) => bestOf(rows, metric))
  if (bests.length === 0 || bests.includes(undefined)) return undefined
  const worst = metric === 'testAccuracy' ? Math.min : Math.max
  return { metric, value: worst(...(bests as number[])) }
}

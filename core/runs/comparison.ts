/** What several runs needed to reach the same target, side by side. */
import {
  bestOf,
  commonTarget,
  reach,
  type Reached,
  type Target,
  type TargetMetric,
} from './compare.ts'
import type { MetricsRow } from './metrics.ts'
import type { SeenStatus } from './seenStatus.ts'

export interface ComparedRun {
  readonly name: string
  /** Left out where the name says it. */
  readonly method?: string
  /** Left out where it has just been told. */
  readonly status?: SeenStatus
  readonly rows: readonly MetricsRow[]
}

/** How many times cheaper than the first run; above one is better than it. */
type SpeedUp = {
  readonly [Cost in 'rounds' | 'uplinkBytes' | 'downlinkBytes' | 'elapsedMs']: number
} & {
  /** Where both have a network. */
  readonly simulatedMs?: number
}

export interface ComparisonLine {
  readonly name: string
  readonly method?: string
  readonly status?: SeenStatus
  /** Rounds that were played. */
  readonly rounds: number
  readonly best: number | undefined
  /** Absent where the target was not reached. */
  readonly reached?: Reached
  /** Absent for the first run, and where one of the two did not reach the target. */
  readonly speedUp?: SpeedUp
}

export interface Comparison {
  readonly target: Target
  readonly runs: readonly ComparisonLine[]
}

/**
 * The hardest target that all reached, by the first metric that all measured: accuracy, then
 * losses. A run that failed before its first evaluation stands in nobody's way.
 */
export function hardestTarget(all: readonly ComparedRun[]): Target | undefined {
  const metrics: readonly TargetMetric[] = ['testAccuracy', 'testLoss', 'trainLoss']
  const runs = all.filter(
    ({ status, rows }) =>
      status !== 'failed' || rows.some((row) => (row.testLoss ?? row.testAccuracy) !== undefined),
  )
  for (const metric of metrics) {
    const target = commonTarget(
      runs.map(({ rows }) => rows),
      metric,
    )
    if (target !== undefined) return target
  }
  return undefined
}

export function compareRuns(runs: readonly ComparedRun[], target: Target): Comparison {
  const first = runs[0] && reach(runs[0].rows, target)
  return {
    target,
    runs: runs.map(({ name, method, status, rows }, index) => {
      const reached = reach(rows, target)
      const speedUp =
        index > 0 && first !== undefined && reached !== undefined
          ? speedUpOf(reached, first)
          : undefined
      return {
        name,
        ...(method === undefined ? {} : { method }),
        ...(status === undefined ? {} : { status }),
        rounds: rows.length,
        best: bestOf(rows, target.metric),
        ...(reached === undefined ? {} : { reached }),
        ...(speedUp === undefined ? {} : { speedUp }),
      }
    }),
  }
}

function speedUpOf(reached: Reached, first: Reached): SpeedUp {
  const over = (cost: Exclude<keyof SpeedUp, 'simulatedMs'>) => first[cost] / reached[cost]
  const [before, now] = [first.simulatedMs, reached.simulatedMs]
  return {
    rounds: over('rounds'),
    uplinkBytes: over('uplinkBytes'),
    downlinkBytes: over('downlinkBytes'),
    elapsedMs: over('elapsedMs'),
    ...(before !== undefined && now !== undefined && { simulatedMs: before / now }),
  }
}

/** What several runs needed to reach the same target, side by side. */
import { methodTitle } from '../core/config/index.ts'
import {
  bestOf,
  commonTarget,
  reach,
  type MetricsRow,
  type Reached,
  type Target,
  type TargetMetric,
} from '../core/runs/index.ts'
import type { SeenStatus } from './runStatus.ts'
import { formatTable } from './table.ts'
import type { Terminal } from './terminal.ts'
import {
  formatBytes,
  formatCount,
  formatDuration,
  formatFactor,
  formatLoss,
  formatPlural,
  formatShare,
} from './units.ts'

export interface ComparedRun {
  readonly name: string
  /** Left out where the name says it. */
  readonly method?: string
  /** Left out where it has just been told. */
  readonly status?: SeenStatus
  readonly rows: readonly MetricsRow[]
}

/** How many times cheaper than the first run; above one is better than it. */
export type SpeedUp = {
  readonly [Cost in 'rounds' | 'uplinkBytes' | 'downlinkBytes' | 'elapsedMs']: number
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
 * losses.
 */
export function hardestTarget(runs: readonly ComparedRun[]): Target | undefined {
  const metrics: readonly TargetMetric[] = ['testAccuracy', 'testLoss', 'trainLoss']
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
  const over = (cost: keyof SpeedUp) => first[cost] / reached[cost]
  return {
    rounds: over('rounds'),
    uplinkBytes: over('uplinkBytes'),
    downlinkBytes: over('downlinkBytes'),
    elapsedMs: over('elapsedMs'),
  }
}

const metricTitles: Readonly<Record<TargetMetric, string>> = {
  testAccuracy: 'accuracy',
  testLoss: 'test loss',
  trainLoss: 'train loss',
}

export function formatTarget({ metric, value }: Target): string {
  return `${metricTitles[metric]} ${formatMetric(metric, value)}`
}

function formatMetric(metric: TargetMetric, value: number): string {
  return metric === 'testAccuracy' ? formatShare(value) : formatLoss(value)
}

export function formatComparison({ target, runs }: Comparison, terminal: Terminal): string {
  const costs = [
    ['rounds', 'rounds', formatCount],
    ['uplinkBytes', 'up', formatBytes],
    ['downlinkBytes', 'down', formatBytes],
    ['elapsedMs', 'time', formatDuration],
  ] as const
  const showsMethods = runs.some(({ method }) => method !== undefined)
  const showsFactors = runs.some(({ speedUp }) => speedUp !== undefined)
  const columns = [
    { title: 'run' },
    ...(showsMethods ? [{ title: 'method' }] : []),
    ...costs.flatMap(([, title]) => [
      { title, isNumber: true },
      ...(showsFactors ? [{ title: '', isNumber: true }] : []),
    ]),
    { title: 'best', isNumber: true },
  ]
  const rows = runs.map(({ name, method, best, reached, speedUp }) => [
    name,
    ...(showsMethods ? [methodTitle(method ?? '')] : []),
    ...costs.flatMap(([cost, , format]) => [
      reached === undefined ? '–' : format(reached[cost]),
      ...(showsFactors
        ? [speedUp === undefined ? '' : terminal.paint('dim', formatFactor(speedUp[cost]))]
        : []),
    ]),
    best === undefined ? '–' : formatMetric(target.metric, best),
  ])
  const legend = `2.00×: half of what ${runs[0]?.name ?? ''} needed`
  return [
    `  ${terminal.paint('bold', `To reach ${formatTarget(target)}`)}`,
    '',
    formatTable(terminal, columns, rows),
    ...(showsFactors ? ['', `  ${terminal.paint('dim', legend)}`] : []),
    ...unfinished(runs, terminal),
  ].join('\n')
}

/** A run that did not come to its end may have had the worst before it. */
function unfinished(runs: readonly ComparisonLine[], terminal: Terminal): string[] {
  const lines = runs.flatMap(({ name, status, rounds }) =>
    status === undefined || status === 'finished'
      ? []
      : [`  ${name}: ${status} after ${formatPlural(rounds, 'round')}`],
  )
  return lines.length === 0 ? [] : ['', ...lines.map((line) => terminal.paint('yellow', line))]
}

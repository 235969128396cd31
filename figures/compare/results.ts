/**
 * What groups of runs come to: final and best values, and what they needed to reach the target,
 * beside the baseline.
 */
import {
  bestInColumns,
  costsOf,
  groupReach,
  lastInColumn,
  pairedRatio,
  summarize,
  type Columns,
  type GroupReached,
  type ReachingRun,
  type SampleSummary,
  type Target,
  type TargetCost,
  type TargetMetric,
} from '../../core/runs/index.ts'
import type { RunGroup } from './grouping.ts'

/** How many times less than the baseline a group needed. */
export interface Ratio {
  readonly value: number
  /** 95%, from pairs of runs of one seed; absent without two of them. */
  readonly interval?: readonly [low: number, high: number]
  /** Pairs of one seed; 0 for a ratio of medians. */
  readonly pairs: number
}

type Ratios = { readonly [Name in TargetCost]: Ratio | undefined }

export interface GroupResult {
  readonly group: RunGroup
  readonly isBaseline: boolean
  readonly final: SampleSummary
  readonly best: SampleSummary
  /** Undefined without a target. */
  readonly reached: GroupReached | undefined
  /** Undefined for the baseline, without one, and without a target. */
  readonly ratios: Ratios | undefined
}

export interface ResultSettings {
  readonly metric: TargetMetric
  readonly target: number | undefined
  /** The folder of a run in the baseline's group. */
  readonly baseline: string | null
}

interface SeededRun extends ReachingRun {
  readonly seed: number
}

export function resultsOf(
  groups: readonly RunGroup[],
  columnsOf: (folder: string) => Columns | undefined,
  { metric, target, baseline }: ResultSettings,
): GroupResult[] {
  const goal: Target | undefined = target === undefined ? undefined : { metric, value: target }
  const measured = groups.map((group) => {
    const runs = reachingRuns(group, columnsOf)
    return {
      group,
      runs,
      isBaseline: isBaselineIn(group, baseline),
      final: summarize(runs.map(({ columns }) => lastInColumn(columns[metric]))),
      best: summarize(runs.map(({ columns }) => bestInColumns(columns, metric))),
      reached: goal && groupReach(runs, goal),
    }
  })
  const base = measured.find(({ isBaseline }) => isBaseline)
  return measured.map(({ runs, ...result }) => ({
    ...result,
    ratios:
      base === undefined || goal === undefined || result.isBaseline
        ? undefined
        : ratiosOf(base.runs, runs, goal),
  }))
}

/** The runs of a group that count, as far as they have been read. */
export function reachingRuns(
  { runs }: RunGroup,
  columnsOf: (folder: string) => Columns | undefined,
): SeededRun[] {
  return runs.flatMap(({ folder, state, config: { seed } }) => {
    const columns = columnsOf(folder)
    return columns === undefined ? [] : [{ columns, hasFailed: state === 'failed', seed }]
  })
}

export function isBaselineIn({ runs, stopped }: RunGroup, baseline: string | null): boolean {
  return [...runs, ...stopped].some(({ folder }) => folder === baseline)
}

/** From pairs of one seed where both of each got there, else of medians, which count all runs. */
function ratiosOf(base: readonly SeededRun[], own: readonly SeededRun[], goal: Target): Ratios {
  const bySeed = new Map(base.map((run) => [run.seed, costsOf(run, goal)]))
  const pairs = own.flatMap((run) => {
    const other = bySeed.get(run.seed)
    return other === undefined ? [] : [{ base: other, own: costsOf(run, goal) }]
  })
  const [ofBase, ofOwn] = [groupReach(base, goal), groupReach(own, goal)]
  const of = (cost: TargetCost): Ratio | undefined => {
    const paired = pairedRatio(
      pairs.map((pair) => ({ base: pair.base[cost], own: pair.own[cost] })),
    )
    if (paired !== undefined) {
      const { ratio: value, interval } = paired
      return { value, pairs: paired.pairs, ...(interval && { interval }) }
    }
    const [from, to] = [ofBase[cost].median, ofOwn[cost].median]
    return from === undefined || to === undefined ? undefined : { value: from / to, pairs: 0 }
  }
  return {
    rounds: of('rounds'),
    bytes: of('bytes'),
    forwardPasses: of('forwardPasses'),
    elapsedMs: of('elapsedMs'),
    simulatedMs: of('simulatedMs'),
  }
}

/** '3.1× less'; what shows the same digits is equal. */
export function ratioText({ value }: Ratio): string {
  const times = value >= 1 ? value : 1 / value
  const text = String(Number(times.toPrecision(3)))
  if (text === '1') return 'equal'
  return `${text}× ${value >= 1 ? 'less' : 'more'}`
}

/** The interval of a ratio, ascending, in the direction of its text: times less, or more. */
export function ratioInterval({ value, interval }: Ratio): readonly [number, number] | undefined {
  if (interval === undefined || value >= 1) return interval
  return [1 / interval[1], 1 / interval[0]]
}

/** Whether the baseline is surely worse or better; a single pair says nothing of chance. */
export function verdictOfRatio({ value, interval }: Ratio): 'less' | 'more' | 'unclear' {
  if (ratioText({ value, pairs: 0 }) === 'equal') return 'unclear'
  if (interval !== undefined && interval[0] <= 1 && interval[1] >= 1) return 'unclear'
  return value > 1 ? 'less' : 'more'
}

export type ResultColumn = 'group' | 'n' | 'final' | 'best' | TargetCost

/** Best first, or worst first; what was not reached last, either way. */
export function sortResults(
  results: readonly GroupResult[],
  { column, isReversed }: { readonly column: ResultColumn; readonly isReversed: boolean },
  metric: TargetMetric,
): GroupResult[] {
  const isBestLarge = (column === 'final' || column === 'best') && metric === 'testAccuracy'
  const sign = (isBestLarge ? -1 : 1) * (isReversed ? -1 : 1)
  const valueOf = (result: GroupResult): number | string | undefined => {
    if (column === 'group') return result.group.name
    if (column === 'n') return result.group.runs.length
    if (column !== 'final' && column !== 'best') return result.reached?.[column].median
    const { n, mean } = result[column]
    return n === 0 ? undefined : mean
  }
  return results.toSorted((a, b) => {
    const [one, other] = [valueOf(a), valueOf(b)]
    if (one === undefined || other === undefined)
      return Number(one === undefined) - Number(other === undefined)
    return typeof one === 'string' || typeof other === 'string'
      ? sign * names.compare(String(one), String(other))
      : sign * (one - other)
  })
}

const names = new Intl.Collator('en', { numeric: true, sensitivity: 'base' })

/** The best value of each column, to be marked; none where all are equal. */
export function bestOfColumns(
  results: readonly GroupResult[],
  metric: TargetMetric,
): ReadonlyMap<ResultColumn, number> {
  const columns: readonly ResultColumn[] = [
    'final',
    'best',
    'rounds',
    'bytes',
    'elapsedMs',
    'simulatedMs',
  ]
  const found = new Map<ResultColumn, number>()
  for (const column of columns) {
    const values = results.flatMap((result) => {
      const value =
        column === 'final' || column === 'best'
          ? result[column].mean
          : result.reached?.[column as TargetCost].median
      return value === undefined || Number.isNaN(value) ? [] : value
    })
    const isLarge = (column === 'final' || column === 'best') && metric === 'testAccuracy'
    const best = isLarge ? Math.max(...values) : Math.min(...values)
    if (new Set(values).size > 1) found.set(column, best)
  }
  return found
}

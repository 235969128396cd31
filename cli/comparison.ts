/** What several runs needed to reach the same target, as a table for people. */
import { methodTitle } from '../core/config/index.ts'
import type { Comparison, ComparisonLine, Target, TargetMetric } from '../core/runs/index.ts'
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

const metricTitles: Readonly<Record<TargetMetric, string>> = {
  testAccuracy: 'accuracy',
  testLoss: 'test loss',
  trainLoss: 'train loss',
}

function formatTarget({ metric, value }: Target): string {
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
    ...(runs.some(({ reached }) => reached?.simulatedMs !== undefined)
      ? ([['simulatedMs', 'on network', formatDuration]] as const)
      : []),
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
      reached?.[cost] === undefined ? '–' : format(reached[cost]),
      ...(showsFactors
        ? [speedUp?.[cost] === undefined ? '' : terminal.paint('dim', formatFactor(speedUp[cost]))]
        : []),
    ]),
    best === undefined ? '–' : formatMetric(target.metric, best),
  ])
  return [
    `  ${terminal.paint('bold', `To reach ${formatTarget(target)}`)}`,
    '',
    formatTable(terminal, columns, rows),
    ...(showsFactors ? ['', `  ${terminal.paint('dim', factorLegend(runs))}`] : []),
    ...unfinished(runs, terminal),
  ].join('\n')
}

/** Reads one of the factors that are shown, so that the others can be read likewise. */
function factorLegend([base, ...runs]: readonly ComparisonLine[]): string {
  const factors = runs.flatMap(({ speedUp }) => Object.values(speedUp ?? {}))
  const shown = formatFactor(factors.find((factor) => factor !== 1) ?? 1)
  return `${shown}: ${base?.name ?? ''} needed ${shown.slice(0, -1)} times as much; above 1 is a saving`
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

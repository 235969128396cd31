/**
 * A comparison as tables: what each group came to (mean ± standard deviation, the best in bold),
 * the curves behind it, and the settings in which the runs differ.
 */
import { csvLine } from '../../core/base/index.ts'
import {
  configDifferences,
  type SampleSummary,
  type TargetCost,
  type TargetMetric,
} from '../../core/runs/index.ts'
import { texText } from '../files/tex.ts'
import { formatBytes, formatDuration } from '../model/quantityText.ts'
import { haveNetwork, type XAxisName } from '../model/xAxis.ts'
import { metricTitles } from './compareChart.ts'
import { grouped, targetOf, type LoadedRun } from './comparisonFigure.ts'
import { CurveCache } from './curves.ts'
import type { Grouping } from './grouping.ts'
import { resultsOf, type GroupResult } from './results.ts'

export interface TableSettings {
  readonly metric: TargetMetric
  readonly grouping: Grouping
  /** Undefined takes one that tells the groups apart. */
  readonly target: number | undefined
}

export const comparisonFormats = ['latex', 'markdown', 'csv', 'curves', 'differences'] as const
export type ComparisonFormat = (typeof comparisonFormats)[number]

export function comparisonText(
  runs: readonly LoadedRun[],
  format: ComparisonFormat,
  settings: TableSettings,
  x: XAxisName = 'round',
): string {
  switch (format) {
    case 'curves':
      return curvesCsv(runs, settings, x)
    case 'differences':
      return differencesCsv(runs)
    case 'csv':
      return resultsCsv(runs, settings)
    case 'latex':
      return latex(tableOf(runs, settings))
    case 'markdown':
      return markdown(tableOf(runs, settings))
  }
}

interface Cell {
  readonly text: string
  readonly isBest: boolean
}

interface Table {
  readonly caption: string
  readonly columns: readonly string[]
  readonly rows: readonly { readonly name: string; readonly cells: readonly Cell[] }[]
}

function measured(runs: readonly LoadedRun[], { metric, grouping, target }: TableSettings) {
  const own = target ?? targetOf(runs, grouping, metric)
  const { groups, columnsOf } = grouped(runs, grouping)
  const results = resultsOf(groups, columnsOf, { metric, target: own, baseline: null })
  return { results, target: own }
}

function tableOf(runs: readonly LoadedRun[], settings: TableSettings): Table {
  const { metric } = settings
  const { results, target } = measured(runs, settings)
  const isShare = metric === 'testAccuracy'
  const size = isShare ? 0.01 : 1
  const title = `${metricTitles[metric].toLowerCase()}${isShare ? ' (%)' : ''}`
  const columns: { readonly title: string; readonly cells: readonly Cell[] }[] = [
    {
      title: `final ${title}`,
      cells: bestOf(
        results,
        ({ final }) => final,
        isShare,
        (it) => spread(it, size),
      ),
    },
    {
      title: `best ${title}`,
      cells: bestOf(
        results,
        ({ best }) => best,
        isShare,
        (it) => spread(it, size),
      ),
    },
  ]
  if (target !== undefined) {
    const goal = isShare ? `${plainNumber(target * 100)} %` : plainNumber(target)
    const cost = (of: TargetCost, write: (value: number) => string): readonly Cell[] => {
      const medians = results.map(({ reached }) => reached?.[of].median)
      const best = Math.min(...medians.flatMap((value) => value ?? []))
      return results.map(({ reached }, at) => {
        const median = medians[at]
        const { runs: all, reached: there } = reached!
        const behind = there === all ? '' : ` (${there} of ${all})`
        return {
          text: (median === undefined ? '–' : write(median)) + behind,
          isBest: results.length > 1 && median === best,
        }
      })
    }
    columns.push(
      { title: `rounds to ${goal}`, cells: cost('rounds', plainNumber) },
      { title: `bytes to ${goal}`, cells: cost('bytes', formatBytes) },
      ...(haveNetwork(runs.map(({ config }) => config))
        ? [{ title: `network time to ${goal}`, cells: cost('simulatedMs', formatDuration) }]
        : []),
    )
  }
  return {
    caption:
      'Mean ± standard deviation over runs that differ in the seed; costs are medians over all runs; the best in bold.',
    columns: ['', 'runs', ...columns.map((column) => column.title)],
    rows: results.map(({ group, final }, at) => ({
      name: group.name,
      cells: [
        { text: String(Math.max(final.n, group.runs.length)), isBest: false },
        ...columns.map(({ cells }) => cells[at]!),
      ],
    })),
  }
}

/** The best mean of a column; more than one where they are written alike. */
function bestOf(
  results: readonly GroupResult[],
  of: (result: GroupResult) => SampleSummary | undefined,
  isHigherBetter: boolean,
  write: (summary: SampleSummary) => string,
): Cell[] {
  const sign = isHigherBetter ? 1 : -1
  const means = results.map((result) => of(result)?.mean ?? NaN)
  const best = means.reduce(
    (top, mean) => (Number.isNaN(mean) || sign * mean <= sign * top ? top : mean),
    -sign * Infinity,
  )
  return results.map((result, at) => {
    const summary = of(result)
    if (summary === undefined || Number.isNaN(means[at])) return { text: '–', isBest: false }
    return {
      text: write(summary),
      isBest: results.length > 1 && means[at] === best,
    }
  })
}

/** As many digits as the spread has meaning, two of it. */
function spread({ mean, std }: SampleSummary, size: number): string {
  const [middle, around] = [mean / size, std / size]
  if (!Number.isFinite(around)) return plainNumber(middle)
  const digits =
    around === 0 ? 3 : Math.max(0, Math.min(6, 1 - Math.floor(Math.log10(Math.abs(around)))))
  return `${middle.toFixed(digits)} ± ${around.toFixed(digits)}`
}

const plainNumber = (value: number) => String(Number(value.toPrecision(4)))

function latex({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `  ${cells.join(' & ')} \\\\`
  const cell = ({ text, isBest }: Cell) => (isBest ? `\\textbf{${texText(text)}}` : texText(text))
  return [
    '% Needs \\usepackage{booktabs}.',
    `% ${caption}`,
    `\\begin{tabular}{l${'r'.repeat(columns.length - 1)}}`,
    '  \\toprule',
    line(columns.map(texText)),
    '  \\midrule',
    ...rows.map(({ name, cells }) => line([texText(name), ...cells.map(cell)])),
    '  \\bottomrule',
    '\\end{tabular}',
    '',
  ].join('\n')
}

function markdown({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(markdownText)),
    line(columns.map((_, at) => (at === 0 ? '---' : '---:'))),
    ...rows.map(({ name, cells }) =>
      line([
        markdownText(name),
        ...cells.map(({ text, isBest }) =>
          isBest ? `**${markdownText(text)}**` : markdownText(text),
        ),
      ]),
    ),
    '',
    caption,
    '',
  ].join('\n')
}

/** Nothing in a name is markup. */
function markdownText(text: string): string {
  return text.replace(/[\r\n]+/g, ' ').replace(/[\\`*_{}[\]()#+!|<>~&]/g, (letter) => `\\${letter}`)
}

function resultsCsv(runs: readonly LoadedRun[], settings: TableSettings): string {
  const { results, target } = measured(runs, settings)
  const numbers = ({ mean, std, halfWidth }: SampleSummary) => [mean, std, halfWidth]
  const parts = ['final', 'best'].flatMap((name) => [
    `${name}Mean`,
    `${name}Std`,
    `${name}HalfWidth95`,
  ])
  const costs = ['roundsToTarget', 'bytesToTarget', 'msToTarget', 'simulatedMsToTarget']
  return [
    csvLine(['group', 'runs', 'metric', 'target', 'reached', ...parts, ...costs]),
    ...results.map(({ group, final, best, reached }) =>
      csvLine([
        group.name,
        group.runs.length,
        settings.metric,
        target,
        reached?.reached,
        ...[final, best].flatMap(numbers),
        ...[reached?.rounds.median, reached?.bytes.median, reached?.elapsedMs.median],
        reached?.simulatedMs.median,
      ]),
    ),
  ].join('')
}

/** A row per group and x for the mean, and per run and x for what it is the mean of. */
function curvesCsv(
  runs: readonly LoadedRun[],
  { metric, grouping }: TableSettings,
  x: XAxisName,
): string {
  const { groups: own, columnsOf } = grouped(runs, grouping)
  const groups = new CurveCache().read(own, { metric, x, smoothing: 0 }, columnsOf)
  const lines = groups.flatMap(({ group, curves, statistics }) => [
    ...Array.from(statistics.x, (at, index) => {
      const [mean, half] = [statistics.mean[index]!, statistics.halfWidth[index]!]
      return csvLine([
        ...[group.name, 'mean', at, mean, mean - half, mean + half],
        ...[statistics.std[index], statistics.n[index]],
      ])
    }),
    ...curves.flatMap((curve, index) =>
      Array.from(curve.x, (at, point) =>
        csvLine([
          group.name,
          nameOf(group.runs[index]!),
          at,
          curve.y[point],
          undefined,
          undefined,
          undefined,
          1,
        ]),
      ),
    ),
  ])
  return csvLine(['group', 'run', x, metric, 'low95', 'high95', 'std', 'n']) + lines.join('')
}

function differencesCsv(runs: readonly LoadedRun[]): string {
  const rows = configDifferences(runs.map(({ config }) => config))
  return [
    csvLine(['setting', ...runs.map(nameOf)]),
    ...rows.map(({ path, values }) => csvLine([path, ...values])),
  ].join('')
}

function nameOf({ folder }: { readonly folder: string }): string {
  return folder.split(/[\\/]/).at(-1) ?? folder
}

/** `hiso figure`: a chart of a run, or of several over each other, as a file for a paper. */
import { resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { suggestion, type RunConfig } from '../../core/config/index.ts'
import type { TargetMetric } from '../../core/runs/index.ts'
import {
  comparisonChart,
  figureBytes,
  figureExtensions,
  figureFormats,
  fileNameOf,
  runChartNames,
  runCharts,
  sweepChart,
  sweepHeading,
  sweepLines,
  sweptSettings,
  type BandKind,
  type ChartModel,
  type FigureFormat,
  type LegendPlace,
  type LoadedRun,
  type PresetName,
  type Scale,
  haveNetwork,
  xAxisOf,
  type XAxisName,
} from '../../figures/index.ts'
import { shortPath, type CommandContext } from '../context.ts'
import { examinationSettings } from '../examination.ts'
import { exitCodeOfSignal, exitCodes } from '../exitCodes.ts'
import { Interrupted, readLoadedRun, readRunFacts } from '../figureFacts.ts'
import { formatBytes } from '../units.ts'

export interface FigureOptions {
  readonly chart: string
  readonly x: string
  readonly xScale: Scale
  readonly yScale: Scale
  readonly smoothing: string
  readonly band: BandKind
  readonly compare?: boolean
  readonly groupBy: string
  readonly sweep?: string
  readonly value: 'final' | 'best'
  readonly preset: PresetName
  /** If left out, what `out` ends in, or pdf. */
  readonly format?: FigureFormat
  readonly legend: LegendPlace
  readonly transparent?: boolean
  readonly title?: boolean
  readonly dpi?: string
  /** Of curvature charts: how closely the state is looked at. */
  readonly probes?: string
  readonly samples?: string
  readonly out?: string
}

/** What is compared under which name. */
const comparedMetrics = {
  accuracy: 'testAccuracy',
  loss: 'testLoss',
  'train-loss': 'trainLoss',
} as const satisfies Readonly<Record<string, TargetMetric>>

export const chartNames = [...new Set([...runChartNames, ...Object.keys(comparedMetrics)])]

export const xNames = {
  round: 'round',
  bytes: 'bytes',
  passes: 'forwardPasses',
  time: 'time',
  simulated: 'simulated',
} as const satisfies Readonly<Record<string, XAxisName>>

/** @throws HisoError CONFIG_INVALID for an ending that no format has */
function formatOfName(out: string | undefined): FigureFormat {
  const [, ending] = /[^/\\.]\.([a-z][a-z0-9]*(?:\.json)?)$/i.exec(out ?? '') ?? []
  if (ending === undefined) return 'pdf'
  const format = figureFormats.find((it) => figureExtensions[it] === ending.toLowerCase())
  if (format !== undefined) return format
  throw new HisoError('CONFIG_INVALID', {
    where: `--out ${out}`,
    what: `no figure ends in .${ending}`,
    remedy: `End it in ${Object.values(figureExtensions).join(', ')}, or say --format`,
  })
}

export async function figure(
  context: CommandContext,
  words: readonly string[],
  options: FigureOptions,
): Promise<number> {
  const { host, terminal, cwd } = context
  const folders = words.map((word) => resolve(cwd, word))
  const smoothing = number('smoothing', options.smoothing, 0, 0.999)
  const format = options.format ?? formatOfName(options.out)
  const dpi = options.dpi === undefined ? undefined : number('dpi', options.dpi, 30, 2400)
  let model: ChartModel
  try {
    model = await modelOf(context, folders, options, smoothing)
  } catch (error) {
    if (error instanceof Interrupted) return exitCodeOfSignal(error.signal)
    throw error
  }
  const bytes = figureBytes(
    {
      model,
      preset: options.preset,
      options: {
        legend: options.legend,
        isTransparent: options.transparent ?? false,
        hasTitle: options.title ?? false,
      },
    },
    format,
    dpi,
  )
  const extension = figureExtensions[format]
  const name = options.out ?? fileNameOf(nameOf(options, folders), extension)
  const path = resolve(cwd, name)
  if (options.out === undefined && (await host.files.kind(path)) !== undefined)
    throw new HisoError('FILE_UNWRITABLE', {
      where: name,
      what: 'there is such a file already',
      remedy: 'Name the file to write with --out',
    })
  await host.files.write(path, bytes)
  terminal.print(`  Wrote ${shortPath(path, cwd)} (${formatBytes(bytes.length)})`)
  return exitCodes.ok
}

function nameOf({ chart, sweep, preset }: FigureOptions, folders: readonly string[]): string {
  const run = folders.length === 1 ? `${folders[0]!.split(/[\\/]/).at(-1)} ` : ''
  return `${run}${chart} ${sweep ?? ''} ${preset}`
}

async function modelOf(
  context: CommandContext,
  folders: readonly string[],
  options: FigureOptions,
  smoothing: number,
): Promise<ChartModel> {
  const { chart, sweep, xScale, yScale, band, value } = options
  const x = xNames[options.x as keyof typeof xNames]
  if (folders.length === 1 && sweep === undefined && options.compare !== true) {
    const { needs, build } = runCharts[chartOf(chart, runChartNames, 'of one run')]
    const facts = await readRunFacts(context, folders[0]!, needs, examinationSettings(options))
    checkAxis(x, [facts.config])
    return build(facts, { x, yScale, smoothing })
  }
  const metric =
    comparedMetrics[
      chartOf(
        chart,
        Object.keys(comparedMetrics),
        'of several runs',
      ) as keyof typeof comparedMetrics
    ]
  const runs: LoadedRun[] = []
  for (const folder of folders) runs.push(await readLoadedRun(context.host, folder))
  checkAxis(
    x,
    runs.map(({ config }) => config),
  )
  if (sweep !== undefined) return sweepOf(runs, sweep, { metric, value, xScale, yScale })
  const grouping = options.groupBy
  return comparisonChart(runs, {
    ...{ metric, x, xScale, yScale, smoothing, band, grouping },
    target: undefined,
  })
}

/** @throws HisoError CONFIG_INVALID for the time of a network that no run has */
function checkAxis(x: XAxisName, configs: readonly RunConfig[]): void {
  if (xAxisOf(x, haveNetwork(configs)) === x) return
  throw new HisoError('CONFIG_INVALID', {
    where: '--x simulated',
    what: 'simulated time needs a run on a network',
    remedy: 'Play it with --set network.kind=lte, or choose another axis',
  })
}

function sweepOf(
  runs: readonly LoadedRun[],
  path: string,
  {
    metric,
    value,
    xScale,
    yScale,
  }: Pick<FigureOptions, 'value' | 'xScale' | 'yScale'> & { readonly metric: TargetMetric },
): ChartModel {
  const settings = sweptSettings(runs)
  if (!settings.includes(path))
    throw new HisoError('CONFIG_INVALID', {
      where: `--sweep ${path}`,
      what: 'a sweep needs runs that have different numbers there, beside their seed',
      remedy:
        settings.length === 0
          ? 'Name runs that differ in a setting that is a number'
          : `These runs can be swept over ${settings.join(', ')}`,
    })
  const own = { path, value, metric, target: undefined, baseline: null, countsStopped: true }
  const columns = new Map(runs.map((run) => [run.folder, run.columns]))
  const lines = sweepLines(runs, (folder) => columns.get(folder), own)
  return sweepChart(lines, own, { xScale, yScale, heading: sweepHeading(runs, path) })
}

function chartOf<Name extends string>(chart: string, names: readonly Name[], of: string): Name {
  const known = names.find((name) => name === chart)
  if (known !== undefined) return known
  const near = suggestion(chart, names)
  throw new HisoError('CONFIG_INVALID', {
    where: `--chart ${chart}`,
    what: `there is no such chart ${of}`,
    remedy: `${near === undefined ? '' : `Did you mean ${near}? `}Charts ${of} are ${names.join(', ')}`,
  })
}

function number(option: string, word: string, low: number, high: number): number {
  const value = Number(word)
  if (word.trim() !== '' && value >= low && value <= high) return value
  throw new HisoError('CONFIG_INVALID', {
    where: `--${option}`,
    what: `"${word}" is not a number from ${low} to ${high}`,
  })
}

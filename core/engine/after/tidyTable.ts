/**
 * Any number of runs as one long table: a row is one number, with the run, the method, the seed and
 * the settings that it belongs to. Made run by run, so that 10,000 runs need no more memory than
 * one.
 */
import type { Host } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import {
  flattenConfig,
  metricColumns,
  readWholeRun,
  readRunConfig,
  type ConfigValue,
  type MetricColumn,
} from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { readHessian } from './history.ts'
import { ScalarReader } from './scalars.ts'

export const tidyParts = ['metrics', 'scalars', 'hessian'] as const
/** What of a run is in the table. */
export type TidyPart = (typeof tidyParts)[number]

export interface TidyRow {
  readonly run: string
  readonly method: string
  readonly seed: number
  /** Of the keys that differ between the runs, in their order. */
  readonly settings: readonly (ConfigValue | undefined)[]
  /** Counts from one. */
  readonly round: number
  /** Count from one; undefined for what belongs to a whole round. */
  readonly localStep: number | undefined
  readonly perturbation: number | undefined
  readonly metric: string
  readonly unit: string
  readonly value: number
}

/** Columns before and behind those of the settings. */
export const tidyColumns = {
  before: ['run', 'method', 'seed'],
  behind: ['round', 'localStep', 'perturbation', 'metric', 'unit', 'value'],
} as const

const units: Readonly<Partial<Record<MetricColumn, string>>> = {
  testAccuracy: 'share',
  exactMatch: 'share',
  f1: 'share',
  rougeL: 'share',
  uplinkBytes: 'B',
  downlinkBytes: 'B',
  catchUpBytes: 'B',
  cumulativeUplinkBytes: 'B',
  cumulativeDownlinkBytes: 'B',
  paperBytes: 'B',
  elapsedMs: 'ms',
  simulatedMs: 'ms',
  broadcastBytes: 'B',
  late: 'clients',
  participants: 'clients',
  answered: 'clients',
}

/** Says nothing of what a run does, or has a column of its own. */
const unswept = new Set(['name', 'seed', 'method.name'])

/**
 * The settings in which runs differ that have them: what only one method has is no sweep. Holds a
 * value of each.
 */
export async function sweptKeys(host: Host, folders: readonly string[]): Promise<string[]> {
  const first = new Map<string, ConfigValue>()
  const swept = new Set<string>()
  for (const folder of folders)
    for (const [key, value] of flattenConfig(await readRunConfig(host, folder))) {
      const before = first.get(key)
      if (before === undefined) first.set(key, value)
      else if (before !== value) swept.add(key)
    }
  return [...swept].filter((key) => !unswept.has(key)).sort()
}

/** Looks at H that are in the table: each takes a replay up to its round. */
const snapshots = 12

/** The rows of a run. @throws HisoError RUN_… */
export async function tidyRows(
  host: EngineHost,
  folder: string,
  keys: readonly string[],
  parts: ReadonlySet<TidyPart>,
): Promise<TidyRow[]> {
  const { config, rows, log } = await readWholeRun(host, folder)
  const common = {
    run: nameOf(folder),
    method: config.method.name,
    seed: config.seed,
    settings: settingsOf(config, keys),
  }
  const table: TidyRow[] = []
  const add = (round: number, metric: string, unit: string, value: number | undefined) => {
    if (value === undefined || Number.isNaN(value)) return
    table.push({
      ...common,
      ...{ round, localStep: undefined, perturbation: undefined, metric, unit, value },
    })
  }
  if (parts.has('metrics'))
    for (const row of rows)
      for (const metric of metricColumns)
        if (metric !== 'round') add(row.round, metric, units[metric] ?? '', row[metric])
  if (parts.has('scalars')) {
    const spread = await new ScalarReader(host, folder).read(0, log.rounds)
    for (let at = 0; at < spread.round.length; at++)
      for (const [metric, column] of [
        ['scalar', spread.aggregate],
        ['smallestScalar', spread.min],
        ['largestScalar', spread.max],
      ] as const)
        table.push({
          ...common,
          round: spread.round[at]! + 1,
          localStep: spread.localStep[at]! + 1,
          perturbation: spread.perturbation[at]! + 1,
          metric,
          unit: '',
          value: column[at]!,
        })
  }
  if (parts.has('hessian'))
    for (const { rounds, values, effectiveRank } of await readHessian(host, folder, snapshots)) {
      add(rounds, 'largestHessian', '', values[0])
      add(rounds, 'smallestHessian', '', values.at(-1))
      add(rounds, 'effectiveRank', '', effectiveRank)
    }
  return table
}

function settingsOf(config: RunConfig, keys: readonly string[]) {
  const flat = flattenConfig(config)
  return keys.map((key) => flat.get(key))
}

function nameOf(folder: string): string {
  return folder.split(/[\\/]/).findLast((part) => part !== '') ?? folder
}

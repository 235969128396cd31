/** `hiso run`: plays a config, with one method or with several that are then compared. */
import { mkdirSync, rmdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import { methodTitle, type RunConfig } from '../../core/config/index.ts'
import { Run } from '../../core/engine/index.ts'
import {
  compareRuns,
  hardestTarget,
  newRunFolder,
  plannedRounds,
  readStoredModel,
  readRun,
  type ComparedRun,
} from '../../core/runs/index.ts'
import { makeFolder, unwritable } from '../../platform/index.ts'
import { formatComparison } from '../comparison.ts'
import { defaultLibrary, type CommandContext } from '../context.ts'
import { openEventLog } from '../eventLog.ts'
import { exitCodes } from '../exitCodes.ts'
import { playRun } from '../playRun.ts'
import { readConfigs } from '../readConfigs.ts'

export interface RunOptions {
  readonly set: readonly string[]
  readonly out?: string
  readonly methods?: string
  readonly json?: boolean
  /** Where another dashboard reads: form:folder. */
  readonly log?: string
}

export async function run(
  context: CommandContext,
  word: string,
  { set, out, methods, json = false, log: logged }: RunOptions,
): Promise<number> {
  const log = logged === undefined ? {} : { log: openEventLog(logged, context) }
  const configs = await readConfigs(context, word, { set, methods })
  const played: { readonly name: string; readonly folder: string }[] = []
  const labels = labelsOf(configs)
  for (const [index, config] of configs.entries()) {
    const { method } = config
    const isAlone = configs.length === 1 && methods === undefined
    const own = isAlone ? undefined : labels[index]!.replace(/, η /, '-eta')
    const { folder, release } = await folderFor(context, config, out, own)
    const result = await playRun(context, () => Run.start(context.host, config, folder), {
      json,
      abandon: release,
      ...log,
    })
    if (result.exitCode !== exitCodes.ok) return result.exitCode
    played.push({
      name: labels[index]!.replace(method.name, methodTitle(method.name)),
      folder,
    })
  }
  if (played.length > 1 && !json) await printComparison(context, played)
  return exitCodes.ok
}

/** As `run`, with the config of a run, and the rounds that it has now. */
export async function runFrom(
  context: CommandContext,
  from: string,
  { set, ...options }: RunOptions,
): Promise<number> {
  const { config, log } = await readStoredModel(context.host, resolve(context.cwd, from))
  const rounds = plannedRounds(config, log)
  const extended = rounds === config.federation.rounds ? [] : [`federation.rounds=${rounds}`]
  return run(context, from, { ...options, set: [...extended, ...set] })
}

/** What distinguishes runs: the method, and its learning rate if a method is played twice. */
function labelsOf(configs: readonly RunConfig[]): string[] {
  return configs.map(({ method: { name, learningRate } }) =>
    configs.filter(({ method }) => method.name === name).length > 1
      ? `${name}, η ${learningRate}`
      : name,
  )
}

async function printComparison(
  { terminal, host }: CommandContext,
  played: readonly { readonly name: string; readonly folder: string }[],
): Promise<void> {
  const runs: ComparedRun[] = []
  for (const { name, folder } of played)
    runs.push({ name, rows: (await readRun(host, folder)).rows })
  const target = hardestTarget(runs)
  if (target === undefined) return
  terminal.print(`\n${formatComparison(compareRuns(runs, target), terminal)}`)
}

interface ReservedFolder {
  readonly folder: string
  /** Takes the folder away again, as long as it is empty. */
  readonly release: () => void
}

/**
 * The folder that was asked for, or a new one in the default library; a new one is made at once, so
 * that no other process takes it.
 */
export async function folderFor(
  { host: { files }, cwd }: CommandContext,
  config: RunConfig,
  out: string | undefined,
  /** Below `out`; undefined for the only run. */
  own: string | undefined,
): Promise<ReservedFolder> {
  if (out !== undefined) {
    const folder = resolve(cwd, own === undefined ? out : join(out, own))
    return { folder, release: () => {} }
  }
  const library = resolve(cwd, defaultLibrary)
  for (;;) {
    const folder = await newRunFolder(files, library, config)
    if (reserve(library, folder)) return { folder, release: () => removeIfEmpty(folder) }
  }
}

/** @returns false if another process was faster */
function reserve(library: string, folder: string): boolean {
  try {
    makeFolder(library)
  } catch (cause) {
    throw cannotMake(library, cause)
  }
  try {
    mkdirSync(folder)
    return true
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw cannotMake(folder, cause)
  }
}

function cannotMake(folder: string, cause: unknown): HisoError {
  const { what, remedy } = unwritable(folder, cause)
  return new HisoError('FILE_UNWRITABLE', {
    ...{ where: folder, what, cause },
    remedy: `${remedy}. --out names another place`,
  })
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder)
  } catch {
    // It holds a run, then.
  }
}

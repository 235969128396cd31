/** Runs that go on from others: with more rounds, or with another setting from some round on. */
import { HisoError } from '../../base/index.ts'
import type { RunConfig } from '../../config/index.ts'
import {
  changeablePaths,
  checkIsWhole,
  checkShared,
  configAt,
  configDifferences,
  forkRun,
  readRun,
  readStoredModel,
  type StoredRun,
} from '../../runs/index.ts'
import type { ChangeableSetting } from '../../wire/index.ts'
import type { EngineHost } from '../engineHost.ts'
import { verifyState } from '../after/replay.ts'
import { Run } from './run.ts'
import { checkRounds, type SettingChange } from './takenUp.ts'

/**
 * Opens a run to play more rounds than it was to have. The log records it.
 * @param more rounds beyond those
 * @throws HisoError CONFIG_INVALID, and as `Run.resume`
 */
export async function extendRun(host: EngineHost, folder: string, more: number): Promise<Run> {
  if (!Number.isInteger(more) || more < 1)
    throw new HisoError('CONFIG_INVALID', {
      where: '--rounds',
      what: `a run can't be extended by ${more} rounds`,
      remedy: 'Give the number of rounds to add, 1 or more',
    })
  const { config, log } = await readStoredModel(host, folder)
  const value = configAt(config, log).federation.rounds + more
  return Run.resume(host, folder, { changes: [{ setting: 'rounds', value }] })
}

export interface ForkOptions {
  /** The run whose rounds are shared. */
  readonly from: string
  /** The new run's folder. */
  readonly to: string
  /** Rounds that both share; 0 is before the first. */
  readonly rounds: number
  /** The config from there on. @param config as it was there */
  readonly configure: (config: RunConfig) => RunConfig | Promise<RunConfig>
}

/**
 * Opens a new run that shares its first rounds with another.
 * @throws HisoError CONFIG_INVALID for settings that no log can tell, RUN_CORRUPT and RUN_CHANGED
 *   for a source whose files are not whole or not of one run, and as `Run.resume`
 */
export async function forkedRun(
  host: EngineHost,
  { from, to, rounds, configure }: ForkOptions,
): Promise<Run> {
  const run = await readRun(host, from)
  checkShared(rounds, run)
  const before = configAt(run.config, run.log, rounds)
  const after = await configure(before)
  const changes = changesBetween(before, after)
  // Before a folder is made.
  checkRounds(after.federation.rounds, rounds, from)
  await checkSource(host, run)
  const { name, evaluation, compute } = after
  await forkRun(host, {
    ...{ from, to, rounds },
    own: { name, evaluation, compute },
    changes: Object.fromEntries(
      changes.map(({ setting, value }) => [changeablePaths[setting], value]),
    ),
  })
  return Run.resume(host, to, { changes })
}

/**
 * Nothing goes on from a run that has lost rounds, or whose log is not its own.
 * @throws HisoError RUN_CORRUPT, RUN_CHANGED
 */
async function checkSource(host: EngineHost, { path, record, log }: StoredRun): Promise<void> {
  checkIsWhole(
    { record, log },
    path,
    'hiso resume plays the missing rounds again, to the same bits; then fork it',
  )
  // Where it can't be replayed, neither can the fork be played.
  await verifyState(host, path)
}

/** What the rounds of a run do not depend on. */
const free = /^(name$|evaluation\.|compute\.)/

function changesBetween(before: RunConfig, after: RunConfig): SettingChange[] {
  const settings = Object.keys(changeablePaths) as ChangeableSetting[]
  return configDifferences([before, after]).flatMap(({ path, values }) => {
    if (free.test(path)) return []
    const setting = settings.find((name) => changeablePaths[name] === path)
    const value = values[1]
    if (setting !== undefined && typeof value === 'number') return { setting, value }
    throw new HisoError('CONFIG_INVALID', {
      where: path,
      what: 'this can’t change within a run: its log could not tell',
      remedy: `A fork changes ${settings.map((name) => changeablePaths[name]).join(', ')}, name, evaluation and compute; for anything else start a new run: hiso run --from`,
    })
  })
}

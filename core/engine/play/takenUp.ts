/**
 * What a run that is taken up brings along: what it has recorded, and what is to be otherwise from
 * here on.
 */
import { HisoError } from '../../base/index.ts'
import type { MethodSettings, RunConfig } from '../../config/index.ts'
import { changeablePaths, plannedRounds, type RunRecord } from '../../runs/index.ts'
import type { ChangeableSetting, ScalarLog } from '../../wire/index.ts'
import type { Deployment } from './deployment.ts'
import { LogAhead } from './logAhead.ts'

export interface ResumeOptions {
  /**
   * Go on from before what is damaged, or comes out differently when it is played again, instead of
   * refusing.
   */
  readonly discardDamaged?: boolean
  /** Settings that have another value from the coming round on; `rounds` extends the run. */
  readonly changes?: readonly SettingChange[]
  /** The way to its clients, for a federation of real ones. */
  readonly deployment?: Deployment | undefined
}

/** A setting that is to have another value from the coming round on. */
export interface SettingChange {
  readonly setting: ChangeableSetting
  readonly value: number
}

/** What a run that is taken up has left. */
export interface TakenUp {
  readonly logAhead: LogAhead
  /** What it recorded when it last ended. */
  readonly recorded: RunRecord
  /** Whether there is nothing to play: it has finished, and its files are whole. */
  readonly isWhole: boolean
  /** Whether what it has recorded is the end, and is not written again. */
  readonly isSealed: boolean
  /** Whether rounds that come out differently from the log may take its place. */
  readonly mayDropRounds: boolean
}

export const noLogAhead: Pick<TakenUp, 'logAhead' | 'mayDropRounds'> = {
  logAhead: new LogAhead(new Uint8Array()),
  mayDropRounds: false,
}

/** A federation is no simulation: only the way that it was begun goes on. */
export function otherKind(folder: string, isReal: boolean): HisoError {
  return new HisoError('RUN_CHANGED', {
    where: folder,
    what: isReal
      ? 'this run is a federation of real clients'
      : 'this run is a simulation, and no federation of real clients',
    remedy: isReal
      ? `Go on with it: hiso serve ${folder} --out ${folder} --broker ADDRESS`
      : `Go on with it: hiso resume ${folder}`,
  })
}

/**
 * Changes that a run was to have and that its log lacks, since it was killed before they were
 * written: those of a fork that has played no round of its own, and more rounds.
 */
export function owedChanges(
  { status, forkedFrom, plannedRounds: recorded }: RunRecord,
  config: RunConfig,
  log: ScalarLog,
): SettingChange[] {
  const planned = plannedRounds(config, log)
  const settings = Object.keys(changeablePaths) as ChangeableSetting[]
  // From an earlier round on, a schedule would be stretched over more rounds than it was.
  const isComplete = status !== 'finished' && log.rounds === planned
  const ofFork = forkedFrom?.rounds === log.rounds ? forkedFrom.changes : {}
  return [
    ...settings.flatMap((setting) => {
      const value = ofFork[changeablePaths[setting]]
      return value === undefined ? [] : [{ setting, value }]
    }),
    ...(isComplete && recorded !== undefined && recorded > planned
      ? [{ setting: 'rounds' as const, value: recorded }]
      : []),
  ]
}

/** Said where the log is so much older than an extension that it can't be taken up yet. */
export function lostExtensionNotices(
  { status, plannedRounds: recorded = 0 }: RunRecord,
  rounds: number,
): readonly string[] {
  if (status === 'finished' || recorded <= rounds) return []
  return [
    `This run was to go on to ${recorded} rounds, but its log is older than that: it now plays to round ${rounds}. Go on from there: hiso extend RUN --rounds ${recorded - rounds}.`,
  ]
}

/** @throws HisoError CONFIG_INVALID */
export function checkRounds(rounds: number, done: number, folder: string): void {
  if (Number.isInteger(rounds) && rounds >= done) return
  throw new HisoError('CONFIG_INVALID', {
    where: folder,
    what: `the run has ${done} rounds already, so it can't be one of ${rounds}`,
    remedy: 'Ask for more rounds, or fork the run at an earlier one: hiso fork',
  })
}

/** What more rounds mean for a schedule that is stretched over all of them. */
export function stretchNotices(
  method: MethodSettings,
  done: number,
  rounds: number,
): readonly string[] {
  const stretched = [
    ['learning rate', method.learningRateSchedule],
    ...('perturbationSchedule' in method
      ? [['number of perturbations', method.perturbationSchedule] as const]
      : []),
  ] as const
  return stretched.flatMap(([what, { kind }]) =>
    kind === 'cosine'
      ? `The ${what} follows a cosine over all rounds: from round ${done + 1} on it is that of a run of ${rounds}, so it jumps there.`
      : [],
  )
}

/** The record of a run that goes on. @param configured the rounds that its config names */
export function takenUpRecord(
  recorded: RunRecord,
  {
    rounds,
    configured,
    notices,
  }: {
    readonly rounds: number
    readonly configured: number
    readonly notices: readonly string[]
  },
): RunRecord {
  const { error: _error, stateHash: _hash, plannedRounds: _planned, ...rest } = recorded
  return {
    ...rest,
    status: 'running',
    ...(rounds === configured ? {} : { plannedRounds: rounds }),
    // A task that is opened again says the same again.
    notices: [...new Set([...rest.notices, ...notices])],
  }
}

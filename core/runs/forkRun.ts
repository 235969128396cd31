/**
 * A run that begins as another one did: its folder holds the first rounds of that one, byte for
 * byte, and is gone on with like a run that was stopped there.
 */
import { HisoError, joinBytes, type Files, type Host } from '../base/index.ts'
import { formatConfig, type RunConfig } from '../config/index.ts'
import { simulatedAttendance } from '../federation/index.ts'
import { ScalarLog } from '../wire/index.ts'
import { messagesOf } from './messages.ts'
import { formatMetrics, type MetricsRow } from './metrics.ts'
import { plannedRounds } from './changedConfig.ts'
import { readRun, type StoredRun } from './readRun.ts'
import { asOfRows, formatRecord, type RunRecord } from './record.ts'
import { checkReplies } from './replies.ts'
import { runFiles } from './runFiles.ts'

export interface ForkedRun {
  /** Of the run whose rounds are shared. */
  readonly from: string
  /** The new run's folder. */
  readonly to: string
  /** Rounds that both share. */
  readonly rounds: number
  /** What is otherwise from there on, by the paths of the config: the log will hold it. */
  readonly changes?: Readonly<Record<string, number>>
  /** How the new run is called, looked at and played: all that the rounds do not depend on. */
  readonly own?: Partial<Pick<RunConfig, 'name' | 'evaluation' | 'compute'>>
}

const encoder = new TextEncoder()

/**
 * Writes the folder of a fork, as a run that was stopped after the shared rounds.
 * @throws HisoError CONFIG_INVALID where the run has not so many rounds, RUN_…, FILE_UNWRITABLE
 */
export async function forkRun(
  host: Host,
  { from, to, rounds, own, changes = {} }: ForkedRun,
): Promise<void> {
  const { files } = host
  const run = await readRun(host, from)
  checkShared(rounds, run)
  await checkIsNew(files, to)
  const config = { ...run.config, ...own }
  const received = (await files.own(from).read(runFiles.replies)) ?? new Uint8Array()
  const attendance = simulatedAttendance(run.config, run.record.model.dim, () =>
    messagesOf(run.log),
  )
  const where = files.join(from, runFiles.replies)
  const { ends } = checkReplies(received, run.config, run.log, where, attendance)
  const rows = run.rows.slice(0, rounds)
  const contents: Readonly<Record<keyof typeof runFiles, Uint8Array>> = {
    config: encoder.encode(formatConfig(config)),
    record: encoder.encode(formatRecord(recordOf(run, rows, { name: config.name, changes }, host))),
    log: joinBytes([new ScalarLog().bytes, run.log.slice(0, rounds)]),
    replies: received.subarray(0, ends[rounds] ?? ends.at(-1)),
    metrics: encoder.encode(formatMetrics(config, rows)),
  }
  const folder = await files.take(to)
  try {
    for (const name of Object.keys(runFiles) as (keyof typeof runFiles)[])
      await folder.write(runFiles[name], contents[name])
    await folder.sync()
  } catch (error) {
    await folder.discard()
    throw error
  }
  await folder.release()
}

/** @throws HisoError RUN_EXISTS */
async function checkIsNew(files: Files, folder: string): Promise<void> {
  if ((await files.kind(folder)) === undefined) return
  if ((await files.list(folder)).length === 0) return
  throw new HisoError('RUN_EXISTS', {
    where: folder,
    what: 'there is something in this folder already',
    remedy: 'Choose another folder',
  })
}

/** @throws HisoError CONFIG_INVALID where a run has not so many rounds to share */
export function checkShared(rounds: number, { path, log, rows }: StoredRun): void {
  const has = Math.min(log.rounds, rows.length)
  if (Number.isInteger(rounds) && rounds >= 0 && rounds <= has) return
  throw new HisoError('CONFIG_INVALID', {
    where: path,
    what: `the run has ${has} rounds, so it can't be forked after ${rounds}`,
    remedy: `Choose a round from 0 to ${has}`,
  })
}

function recordOf(
  { path, record, config, log }: StoredRun,
  rows: readonly MetricsRow[],
  { name, changes }: { readonly name: string; readonly changes: Readonly<Record<string, number>> },
  host: Pick<Host, 'timestamp'>,
): RunRecord {
  const { error: _error, stateHash: _hash, plannedRounds: _planned, ...kept } = record
  const planned = plannedRounds(config, log, rows.length)
  const nothing = { uplinkBytes: 0, downlinkBytes: 0, catchUpBytes: 0 }
  return asOfRows(
    {
      ...kept,
      name,
      status: 'stopped',
      created: host.timestamp(),
      rounds: 0,
      ...(planned === config.federation.rounds ? {} : { plannedRounds: planned }),
      forkedFrom: { name: path.split(/[\\/]/).at(-1) ?? path, rounds: rows.length, changes },
      totals: { ...nothing, forwardPasses: 0, elapsedMs: 0 },
      latest: {},
      notices: [],
    },
    rows,
  )
}

/**
 * Opens what a run is played with: its folder, its server and its workers, for a new run and for
 * one that is taken up. Playing is `Run`'s business.
 */
import type { RunConfig } from '../../config/index.ts'
import { Server } from '../../federation/index.ts'
import {
  messagesOf,
  plannedRounds,
  runFiles,
  RunWriter,
  withRounds,
  type MetricsRow,
  type ReopenedRun,
  type RunRecord,
} from '../../runs/index.ts'
import { checkFingerprints } from '../checkFingerprints.ts'
import type { EngineHost } from '../engineHost.ts'
import type { Deployment } from './deployment.ts'
import { LogAhead } from './logAhead.ts'
import { newRecord, openWorkers, withRecordedCompute, type OpenedWorkers } from './openWorkers.ts'
import { checkRecordedState } from './recordedState.ts'
import {
  checkRounds,
  lostExtensionNotices,
  otherKind,
  owedChanges,
  stretchNotices,
  takenUpRecord,
  type ResumeOptions,
  type SettingChange,
  type TakenUp,
} from './takenUp.ts'

export interface OpenedRun {
  readonly config: RunConfig
  readonly writer: RunWriter
  readonly server: Server
  readonly workers: OpenedWorkers
  readonly record: RunRecord
  readonly rows: readonly MetricsRow[]
  readonly taken?: TakenUp
  /** Settings that have another value from the coming round on. */
  readonly changes: readonly SettingChange[]
  /** Makes the way to real clients, in place of simulated ones. */
  readonly deployment?: Deployment | undefined
}

/** @throws HisoError as `Run.start` does */
export async function openNewRun(
  host: EngineHost,
  config: RunConfig,
  folder: string,
  deployment?: Deployment,
): Promise<OpenedRun> {
  const server = new Server(config)
  const workers = await openWorkers(host, config, server)
  try {
    server.dim = workers.report.dim
    const record = newRecord(config, workers, host)
    const hasRealClients = deployment !== undefined
    const writer = await RunWriter.create(host, folder, config, record, hasRealClients)
    return { config, workers, writer, server, record, rows: [], changes: [], deployment }
  } catch (error) {
    await workers.close()
    throw error
  }
}

/** What is said of the files beside the log. */
const cutNotice = (name: ReopenedRun['tails'][number]) =>
  name === 'log' ? [] : [`Cut off what stood behind the last round in ${runFiles[name]}.`]

/** @throws HisoError as `Run.resume` does */
export async function openStoredRun(
  host: EngineHost,
  folder: string,
  { discardDamaged = false, changes: asked = [], deployment }: ResumeOptions,
): Promise<OpenedRun> {
  const reopened = await RunWriter.reopen(host, folder, discardDamaged)
  const { writer, run, complete, isOnlyModel, isDamaged, attendance } = reopened
  const { config, record: recorded, log } = run
  const planned = plannedRounds(config, log)
  const changes = asked.length > 0 ? asked : owedChanges(recorded, config, log)
  const rounds = changes.findLast(({ setting }) => setting === 'rounds')?.value ?? planned
  const isWhole =
    recorded.status === 'finished' &&
    rounds === planned &&
    log.rounds === recorded.rounds &&
    (complete === log.rounds || isOnlyModel)
  let workers: OpenedWorkers | undefined
  try {
    checkRounds(rounds, Math.max(log.rounds, recorded.rounds), folder)
    if ((attendance === undefined) !== (deployment === undefined))
      throw otherKind(folder, attendance !== undefined)
    const server = new Server(config, recorded.model.dim, attendance)
    server.restore(messagesOf(log, isWhole ? undefined : complete))
    const own = withRecordedCompute(config, recorded)
    workers = await openWorkers(host, own, server, 'notice')
    checkFingerprints(recorded, workers.report.fingerprints, folder)
    await checkRecordedState(recorded, workers.pool, server.log.rounds, folder)
    const record = isWhole
      ? recorded
      : takenUpRecord(recorded, {
          rounds,
          configured: config.federation.rounds,
          notices: [
            ...run.notices,
            ...workers.report.notices,
            ...lostExtensionNotices(recorded, rounds),
            ...(rounds === planned ? [] : stretchNotices(config.method, log.rounds, rounds)),
          ],
        })
    // What real clients answered can't be played again: their rounds go on from what is complete.
    const hasAhead = !isWhole && deployment === undefined
    const logAhead = new LogAhead(hasAhead ? log.since(complete) : new Uint8Array())
    const isSealed = recorded.status === 'finished' && rounds === planned
    const isCutBack = !isWhole && deployment !== undefined
    if (isCutBack && log.rounds > complete) await writer.keepLog(log)
    if (!isWhole || isDamaged) await writer.goOn()
    else {
      await writer.cutTails(reopened.tails)
      const cut = reopened.tails.flatMap(cutNotice)
      workers.earlyNotices.push(...[...run.notices, ...cut].map((text) => ({ text })))
    }
    if (isCutBack) await writer.cutLog(server.log.bytes.length)
    if (!isWhole && !isSealed) await writer.writeRecord(record)
    return {
      config: withRounds(config, rounds),
      ...{ workers, writer, server, record, changes, deployment },
      rows: run.rows,
      taken: { logAhead, recorded, isWhole, isSealed, mayDropRounds: discardDamaged },
    }
  } catch (error) {
    await workers?.close()
    await writer.close()
    throw error
  }
}

/**
 * Reading a run's folder without taking it, also while it is being written. Config, record and log
 * are the truth: the trained model follows from them. Metrics and replies are what was seen on the
 * way; a run that lacks some of them can play those rounds again.
 */
import { HisoError, type Host, type OwnFiles } from '../base/index.ts'
import { parseConfigText, type RunConfig } from '../config/index.ts'
import { readLog, type LogReading, type ScalarLog } from '../wire/index.ts'
import { checkBelonging } from './belonging.ts'
import { readMetrics, type MetricsReading, type MetricsRow } from './metrics.ts'
import { parseRecord, type RunRecord } from './record.ts'
import { isBlank, isLost, notFound, runFiles } from './runFiles.ts'

const decoder = new TextDecoder()

/** What a trained model follows from, given the model that it began as. */
export interface StoredModel {
  readonly path: string
  readonly config: RunConfig
  readonly record: RunRecord
  readonly log: ScalarLog
  /** What was left out on reading, for people. */
  readonly notices: readonly string[]
}

/** A run as its folder says. */
export interface StoredRun extends StoredModel {
  /** Of the rounds from the first on; fewer than the log has where metrics.csv is behind it. */
  readonly rows: readonly MetricsRow[]
}

/**
 * Reads what the trained model follows from.
 * @throws HisoError RUN_NOT_FOUND, RUN_CORRUPT, RUN_NEWER, RUN_CHANGED
 */
export async function readStoredModel(host: Host, path: string): Promise<StoredModel> {
  const { reading, ...model } = await readTruth(host, host.files.own(path), path)
  if (reading.damage !== undefined) throw reading.damage
  return model
}

/**
 * Reads a run.
 * @throws HisoError RUN_NOT_FOUND, RUN_CORRUPT, RUN_NEWER, RUN_CHANGED
 */
export async function readRun(host: Host, path: string): Promise<StoredRun> {
  const model = await readStoredModel(host, path)
  const { rows, damage } = await readOwnMetrics(host, host.files.own(path))
  if (damage !== undefined) throw damage
  const { rounds } = model.log
  const isBehind = rows.length < rounds && model.record.status !== 'running'
  const notices = isBehind
    ? [
        ...model.notices,
        `${runFiles.metrics} holds ${rows.length} of the ${rounds} rounds: hiso resume plays the others again.`,
      ]
    : model.notices
  return { ...model, rows: rows.slice(0, rounds), notices }
}

/**
 * Reads a run whose numbers are to stand for all of it. @throws HisoError as `readRun`; RUN_CORRUPT
 * where the log or the metrics have lost rounds
 */
export async function readWholeRun(host: Host, path: string): Promise<StoredRun> {
  const run = await readRun(host, path)
  const { record, rows, log } = run
  checkIsWhole(run, path)
  // A run that goes on writes one file after the other.
  if (record.status === 'running' || rows.length === log.rounds) return run
  throw new HisoError('RUN_CORRUPT', {
    where: host.files.join(path, runFiles.metrics),
    what: `it holds ${rows.length} of the ${log.rounds} rounds of the log`,
    remedy:
      'hiso resume plays the missing rounds again, to the same bits; hiso export takes what is there with --partial',
  })
}

/** Reads only what a run was configured to do. @throws HisoError RUN_NOT_FOUND, CONFIG_… */
export async function readRunConfig({ files }: Host, path: string): Promise<RunConfig> {
  const bytes = await files.own(path).read(runFiles.config)
  if (bytes === undefined) throw notFound(path)
  return parseConfigText(decoder.decode(bytes), files.join(path, runFiles.config))
}

/** d of a run. @throws HisoError RUN_NOT_FOUND, RUN_CORRUPT */
export async function readDim({ files }: Host, path: string): Promise<number> {
  const bytes = await files.own(path).read(runFiles.record)
  if (bytes === undefined) throw notFound(path)
  return parseRecord(decoder.decode(bytes), files.join(path, runFiles.record)).model.dim
}

/**
 * The log decides: what has recorded more rounds than it holds has lost some.
 * @param where the run, for messages
 * @throws HisoError RUN_CORRUPT
 */
export function checkIsWhole(
  { record, log }: Pick<StoredModel, 'record' | 'log'>,
  where: string,
  remedy = 'hiso resume plays the missing rounds again, to the same bits; hiso export and pack take what is there with --partial',
): void {
  if (log.rounds >= record.rounds) return
  throw new HisoError('RUN_CORRUPT', {
    where,
    what: `the run has recorded ${record.rounds} rounds, but its ${runFiles.log} holds ${log.rounds}`,
    remedy,
  })
}

/**
 * A fork whose log lacks rounds that it was to share: played from its config they would be others.
 * @throws HisoError RUN_CORRUPT
 */
export function checkSharedRounds({ forkedFrom }: RunRecord, log: ScalarLog, where: string): void {
  if (forkedFrom === undefined || log.rounds >= forkedFrom.rounds) return
  const { name, rounds } = forkedFrom
  throw new HisoError('RUN_CORRUPT', {
    where,
    what: `its ${runFiles.log} holds ${log.rounds} of the ${rounds} rounds that this fork shares with ${name}`,
    remedy: `Fork that run again: hiso fork RUN --at ${rounds}`,
  })
}

export interface Truth extends StoredModel {
  readonly reading: LogReading
}

/** Config, record and log, whatever state the log is in. @throws HisoError as `readStoredModel` */
export async function readTruth(host: Host, folder: OwnFiles, path: string): Promise<Truth> {
  const at = (name: string) => host.files.join(path, name)
  const recordBytes = await folder.read(runFiles.record)
  const configBytes = await folder.read(runFiles.config)
  if (recordBytes === undefined && configBytes === undefined) throw notFound(path)
  if (recordBytes === undefined || isBlank(recordBytes)) throw isLost(path, runFiles.record)
  if (configBytes === undefined || isBlank(configBytes)) throw isLost(path, runFiles.config)
  const record = parseRecord(decoder.decode(recordBytes), at(runFiles.record))
  const configText = decoder.decode(configBytes)
  const config = parseConfigText(configText, at(runFiles.config))

  const logBytes = (await folder.read(runFiles.log)) ?? new Uint8Array()
  const reading = readLog(logBytes, at(runFiles.log))
  const { log, damage, tornBytes } = reading
  checkBelonging({ config, configText, record, log }, path, host)
  const notices: string[] = []
  if (damage !== undefined)
    notices.push(`Left out from round ${log.rounds + 1} on: the log is damaged there.`)
  if (tornBytes > 0)
    notices.push(`Cut off ${tornBytes} bytes of an unfinished round at the end of ${runFiles.log}.`)
  return { path, config, record, log, notices, reading }
}

/** The rows of a folder's metrics; `isThere` says whether there is such a file of `bytes` bytes. */
export async function readOwnMetrics(
  { files }: Pick<Host, 'files'>,
  folder: OwnFiles,
): Promise<MetricsReading & { readonly isThere: boolean; readonly bytes: number }> {
  const bytes = await folder.read(runFiles.metrics)
  const where = files.join(folder.path, runFiles.metrics)
  const reading = readMetrics(decoder.decode(bytes ?? new Uint8Array()), where)
  return { ...reading, isThere: bytes !== undefined, bytes: bytes?.length ?? 0 }
}

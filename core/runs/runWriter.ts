/**
 * Writing a run's folder. What is written survives the death of the process, at any moment, up to
 * the round in progress; and after a power cut, when files are of different ages, the log keeps
 * what it has and the rest catches up with it.
 */
import { HisoError, joinBytes, type Appender, type Folder, type Host } from '../base/index.ts'
import { formatConfig, type RunConfig } from '../config/index.ts'
import { simulatedAttendance, type RoundAttendance } from '../federation/index.ts'
import { readLog, ScalarLog } from '../wire/index.ts'
import {
  attendanceHeader,
  formatAttendance,
  readAttendanceFile,
  type AttendanceReading,
} from './attendanceFile.ts'
import { messagesOf } from './messages.ts'
import { formatRow, metricsHeader, readMetrics, type MetricsRow } from './metrics.ts'
import { formatRecord, type RunRecord } from './record.ts'
import { checkReplies, repliesRoom } from './replies.ts'
import { checkSharedRounds, readOwnMetrics, readTruth, type StoredRun } from './readRun.ts'
import { attendanceFile, isBlank, notFound, runFiles } from './runFiles.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A run that was taken to go on with it, and where its files stand. */
export interface ReopenedRun {
  readonly writer: RunWriter
  readonly run: StoredRun
  /**
   * Rounds that all files hold: those of the log behind them are played again, for what the other
   * files lack.
   */
  readonly complete: number
  /** Who took part in the rounds of real clients. */
  readonly attendance: AttendanceReading | undefined
  /** Whether the folder came without all that was seen on the way, as a mailed model does. */
  readonly isOnlyModel: boolean
  /** Whether `goOn` leaves out something damaged. */
  readonly isDamaged: boolean
  /** Files that have bytes behind the last round that all hold. */
  readonly tails: readonly (keyof Lengths)[]
}

interface Lengths {
  readonly log: number
  readonly replies: number
  readonly metrics: number
}

const writtenFiles = ['log', 'replies', 'metrics'] as const

const nothingWritten: Lengths = { log: 0, replies: 0, metrics: 0 }

/** A run that this process is writing. */
export class RunWriter {
  readonly #folder: Folder
  #files: Readonly<Record<keyof Lengths, Appender>> | undefined
  #attendance: Appender | undefined
  #repliesRoom: number
  /** Where the files of a run that was taken are whole up to. */
  #lengths: Lengths = nothingWritten
  /** Of the attendance up to there; undefined for a simulation. */
  #attendanceBytes: number | undefined

  /** The first line of the metrics. */
  readonly #header: string

  private constructor(folder: Folder, config: RunConfig, repliesRoom: number) {
    this.#folder = folder
    this.#header = metricsHeader(config)
    this.#repliesRoom = repliesRoom
  }

  get path(): string {
    return this.#folder.path
  }

  /**
   * Starts a run in a folder that is new, or holds no round of a run. @throws HisoError RUN_EXISTS,
   * RUN_LOCKED, FILE_UNWRITABLE
   */
  static async create(
    host: Host,
    path: string,
    config: RunConfig,
    record: RunRecord,
    hasRealClients = false,
  ): Promise<RunWriter> {
    const isNew = (await host.files.kind(path)) === undefined
    const folder = await host.files.take(path)
    const configText = formatConfig(config)
    try {
      await checkHoldsNoRound(folder, configText)
    } catch (error) {
      await folder.release()
      throw error
    }
    try {
      await folder.write(runFiles.config, encoder.encode(configText))
      await folder.write(runFiles.record, encoder.encode(formatRecord(record)))
      const writer = new RunWriter(folder, config, repliesRoom(config))
      if (hasRealClients) writer.#attendanceBytes = 0
      await writer.goOn()
      return writer
    } catch (error) {
      // A full disk, for one: what would be left is no run, and can't be gone on with.
      await (isNew ? folder.discard() : folder.release())
      throw error
    }
  }

  /**
   * Takes a run to go on with it. Nothing is written until `goOn`.
   * @param discardDamaged go on from before what is damaged instead of refusing
   * @throws HisoError RUN_NOT_FOUND, RUN_LOCKED, RUN_CORRUPT, RUN_NEWER, RUN_CHANGED
   */
  static async reopen(host: Host, path: string, discardDamaged = false): Promise<ReopenedRun> {
    const { files } = host
    if ((await files.kind(path)) !== 'folder') throw notFound(path)
    // A folder that is no run is not to be taken.
    const names = [runFiles.record, runFiles.config]
    const kinds = await Promise.all(names.map((name) => files.kind(files.join(path, name))))
    if (kinds.every((kind) => kind === undefined)) throw notFound(path)
    const folder = await files.take(path)
    try {
      const { reading, ...model } = await readTruth(host, folder, path)
      const { config, record, log } = model
      checkSharedRounds(record, log, path)
      const metrics = await readOwnMetrics(host, folder)
      const received = await folder.read(runFiles.replies)
      const attendance = await readAttendanceFile(folder)
      const attended = Math.min(attendance?.rounds ?? log.rounds, log.rounds)
      const replies = checkReplies(
        received ?? new Uint8Array(),
        config,
        log,
        files.join(path, runFiles.replies),
        attendance ?? simulatedAttendance(config, record.model.dim, () => messagesOf(log)),
        attended,
      )
      const damage = reading.damage ?? metrics.damage ?? replies.damage
      if (damage !== undefined && !discardDamaged) throw damage

      const isOnlyModel = !metrics.isThere && received === undefined
      const complete = Math.min(metrics.rows.length, replies.rounds, log.rounds)
      const writer = new RunWriter(folder, config, repliesRoom(config) - replies.ends[complete]!)
      writer.#lengths = {
        log: log.bytes.length,
        replies: replies.ends[complete]!,
        metrics: complete === 0 ? 0 : metrics.ends[complete - 1]!,
      }
      const isReal = attendance !== undefined
      const notices = [...model.notices, ...catchingUp(record, log, complete, isOnlyModel, isReal)]
      const rows = metrics.rows.slice(0, complete)
      if (attendance !== undefined) writer.#attendanceBytes = attendance.ends[complete]!
      const run = { ...model, rows, notices }
      const found: Lengths = {
        log: log.bytes.length + reading.tornBytes,
        replies: received?.length ?? 0,
        metrics: metrics.bytes,
      }
      const tails = writtenFiles.filter((name) => found[name] > writer.#lengths[name])
      const isDamaged = damage !== undefined
      return { writer, run, complete, isOnlyModel, isDamaged, tails, attendance }
    } catch (error) {
      await folder.release()
      throw error
    }
  }

  /** Cuts the files of a run that was taken back to what is whole, and opens them. */
  async goOn(): Promise<void> {
    const folder = this.#folder
    const lengths = this.#lengths
    const header = new ScalarLog().bytes
    const log = await folder.appendTo(runFiles.log, lengths.log <= header.length ? 0 : lengths.log)
    const replies = await folder.appendTo(runFiles.replies, lengths.replies)
    const metrics = await folder.appendTo(runFiles.metrics, lengths.metrics)
    this.#files = { log, replies, metrics }
    await this.#openAttendance()
    if (lengths.log <= header.length) log.append(header)
    if (lengths.metrics === 0) metrics.append(encoder.encode(this.#header))
    await folder.sync()
  }

  /** Cuts off what stands behind the last round of a finished run; nothing else is written. */
  async cutTails(tails: ReopenedRun['tails']): Promise<void> {
    for (const name of tails) {
      const file = await this.#folder.appendTo(runFiles[name], this.#lengths[name])
      await file.close()
    }
  }

  async #openAttendance(): Promise<void> {
    const length = this.#attendanceBytes
    if (length === undefined) return
    this.#attendance = await this.#folder.appendTo(attendanceFile, length)
    if (length === 0) this.#attendance.append(encoder.encode(attendanceHeader))
  }

  /** Leaves a log beside the one that goes on from an earlier round. */
  async keepLog(log: ScalarLog): Promise<void> {
    await this.#folder.write(keptLog(log), log.bytes)
  }

  /** Cuts the log back to `length` bytes: what is behind them is played anew. */
  async cutLog(length: number): Promise<void> {
    const { log, ...others } = this.#opened
    await log.close()
    this.#files = { ...others, log: await this.#folder.appendTo(runFiles.log, length) }
  }

  /**
   * Keeps what participants answered, which nothing else says: of methods that send whole vectors
   * as much as there is room for.
   */
  appendReplies(frames: readonly Uint8Array[]): void {
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
    if (bytes > this.#repliesRoom) return
    this.#repliesRoom -= bytes
    // One write: each costs as much as the frames of a whole round.
    this.#opened.replies.append(joinBytes(frames))
  }

  /** Keeps who took part, of real clients. */
  appendAttendance(round: number, attendance: RoundAttendance): void {
    this.#attendance?.append(encoder.encode(formatAttendance(round, attendance)))
  }

  appendLog(frame: Uint8Array): void {
    this.#opened.log.append(frame)
  }

  /** Waits until the log has reached the disk. */
  syncLog(): Promise<void> {
    return this.#opened.log.sync()
  }

  appendRow(row: MetricsRow): void {
    this.#opened.metrics.append(encoder.encode(formatRow(row)))
  }

  /**
   * Writes the record; what it says of the other files is on the disk before it is.
   */
  async writeRecord(record: RunRecord): Promise<void> {
    if (this.#files !== undefined)
      await Promise.all(Object.values(this.#files).map((file) => file.sync()))
    await this.#folder.write(runFiles.record, encoder.encode(formatRecord(record)))
  }

  async close(): Promise<void> {
    const files = [...Object.values(this.#files ?? {}), this.#attendance].filter(
      (file) => file !== undefined,
    )
    await Promise.allSettled(files.map((file) => file.close()))
    await this.#folder.release()
  }

  get #opened(): Readonly<Record<keyof Lengths, Appender>> {
    if (this.#files === undefined) throw new Error('a run that was taken is written to after goOn')
    return this.#files
  }
}

/** The name under which a log stays that real clients go on before the end of. */
const keptLog = ({ rounds }: ScalarLog) => `scalars-${rounds}.log`

/** What is said of rounds that are not whole in every file. */
function catchingUp(
  record: RunRecord,
  log: ScalarLog,
  complete: number,
  isOnlyModel: boolean,
  isReal: boolean,
): string[] {
  if (isOnlyModel && record.status === 'finished') return []
  const said: string[] = []
  if (log.rounds < record.rounds)
    said.push(
      `The log holds ${log.rounds} of the ${record.rounds} rounds that were recorded: the others are played again.`,
    )
  if (complete < log.rounds)
    said.push(
      `Files of this run are of different ages: all hold ${complete} rounds, the log ${log.rounds}. ${
        isReal
          ? `Clients play the rounds between again; the log as it was is kept as ${keptLog(log)}.`
          : 'The rounds between are played again and compared with the log.'
      }`,
    )
  return said
}

/**
 * A folder may hold what a process left that died, or met a full disk, before its first round: it
 * is started anew.
 * @throws HisoError RUN_EXISTS
 */
async function checkHoldsNoRound(folder: Folder, configText: string): Promise<void> {
  const [config, record, log, replies, metrics] = await Promise.all(
    Object.values(runFiles).map(async (name) => (await folder.read(name)) ?? new Uint8Array()),
  )
  const hasRounds =
    holdsRounds(log!, folder.path) ||
    !isBlank(replies!) ||
    readMetrics(decoder.decode(metrics), folder.path).rows.length > 0 ||
    recordedRounds(record!) > 0
  if (hasRounds)
    throw new HisoError('RUN_EXISTS', {
      where: folder.path,
      what: 'there is a run in this folder already',
      remedy: isBlank(record!)
        ? `Choose another folder: this run has lost its ${runFiles.record}`
        : 'Choose another folder, or go on with this one: hiso resume',
    })
  if (isBlank(config!) || decoder.decode(config) === configText) return
  throw new HisoError('RUN_EXISTS', {
    where: folder.path,
    what: `there is another ${runFiles.config} in this folder already`,
    remedy: `Choose another folder, or remove ${runFiles.config}`,
  })
}

/** A file that is no log of ours is not to be written over. */
function holdsRounds(log: Uint8Array, where: string): boolean {
  try {
    const reading = readLog(log, where)
    return reading.log.rounds > 0 || reading.damage !== undefined
  } catch {
    return true
  }
}

function recordedRounds(record: Uint8Array): number {
  try {
    const { rounds } = JSON.parse(decoder.decode(record)) as { readonly rounds?: unknown }
    return typeof rounds === 'number' ? rounds : 0
  } catch {
    return 0
  }
}

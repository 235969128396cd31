/**
 * The folder of a run: config.yaml, run.json, scalars.log, replies.log, metrics.csv. The log is the
 * truth; the rest is for people. Everything written survives the death of the process, at any
 * moment, up to the round in progress.
 */
import { HisoError, joinBytes, type Appender, type Folder, type Host } from '../base/index.ts'
import { formatConfig, parseConfigText, type RunConfig } from '../config/index.ts'
import { movesVectors } from '../methods/index.ts'
import { decodeFrames, readLog, ScalarLog, type LogMessage } from '../wire/index.ts'
import { formatRow, metricsHeader, readMetrics, type MetricsRow } from './metrics.ts'
import { formatRecord, parseRecord, type RunRecord } from './record.ts'
import { framesIn, replyFile } from './roundReader.ts'
import { runFiles as names } from './runFiles.ts'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Updates of d numbers from every participant would fill a disk, and the log has their mean. */
const keptUpdateBytes = 64 * 2 ** 20

/** A run as its folder describes it. */
export interface StoredRun {
  readonly path: string
  readonly config: RunConfig
  readonly record: RunRecord
  readonly log: ScalarLog
  readonly rows: readonly MetricsRow[]
  /** What was left out or repaired on reading, for people. */
  readonly notices: readonly string[]
}

/** The part of reading that files and folders share. */
interface Source {
  readonly path: string
  read(name: string): Promise<Uint8Array | undefined>
}

/**
 * Reads a run without locking it, also while it is being written.
 * @throws HisoError RUN_NOT_FOUND, RUN_CORRUPT, RUN_NEWER
 */
export async function readRun(host: Host, path: string): Promise<StoredRun> {
  const { files } = host
  const stored = await readFrom(
    {
      path,
      read: async (name) => {
        const at = files.join(path, name)
        return (await files.kind(at)) === 'file' ? files.read(at) : undefined
      },
    },
    host,
    false,
  )
  return stored.run
}

/**
 * Reads a run that is in no folder yet, such as one that was mailed.
 * @param where what it came in, for messages
 * @throws HisoError RUN_CORRUPT, RUN_NEWER, CONFIG_…
 */
export async function readRunFiles(
  host: Host,
  where: string,
  contents: ReadonlyMap<string, Uint8Array>,
): Promise<StoredRun> {
  const read = (name: string) => Promise.resolve(contents.get(name))
  return (await readFrom({ path: where, read }, host, false)).run
}

/** Reads only the config of a run. @throws HisoError RUN_NOT_FOUND, CONFIG_… */
export async function readRunConfig(host: Host, path: string): Promise<RunConfig> {
  const at = host.files.join(path, names.config)
  if ((await host.files.kind(at)) !== 'file') throw notFound(path)
  return parseConfigText(decoder.decode(await host.files.read(at)), at)
}

/**
 * Accepts a folder with only this run's config: a process that dies while writing it leaves no more
 * than that, and the run starts again.
 * @throws HisoError RUN_EXISTS
 */
async function checkEmpty(folder: Folder, configText: string): Promise<void> {
  const { config, ...others } = names
  for (const name of Object.values(others)) {
    if ((await folder.read(name)) === undefined) continue
    throw new HisoError('RUN_EXISTS', {
      where: folder.path,
      what: 'this folder already holds a run',
      remedy: 'Choose another folder, or continue the run in this one: hiso resume',
    })
  }
  const present = await folder.read(config)
  if (present === undefined || decoder.decode(present) === configText) return
  throw new HisoError('RUN_EXISTS', {
    where: folder.path,
    what: `this folder already holds another ${config}`,
    remedy: `Choose another folder, or remove ${config}`,
  })
}

interface Appenders {
  readonly log: Appender
  readonly replies: Appender
  readonly metrics: Appender
}

/** A run that this process is writing. */
export class RunWriter {
  readonly #folder: Folder
  readonly #log: Appender
  readonly #replies: Appender
  readonly #metrics: Appender

  #repliesRoom: number

  private constructor(
    folder: Folder,
    { log, replies, metrics }: Appenders,
    { method }: RunConfig,
    repliesLength: number,
  ) {
    this.#repliesRoom = (movesVectors(method) ? keptUpdateBytes : Infinity) - repliesLength
    this.#folder = folder
    this.#log = log
    this.#replies = replies
    this.#metrics = metrics
  }

  get path(): string {
    return this.#folder.path
  }

  /**
   * Starts a run in a new or empty folder. @throws HisoError RUN_EXISTS, RUN_LOCKED,
   * FILE_UNWRITABLE
   */
  static async create(
    host: Host,
    path: string,
    config: RunConfig,
    record: RunRecord,
  ): Promise<RunWriter> {
    const folder = await host.files.take(path)
    try {
      const configText = formatConfig(config)
      await checkEmpty(folder, configText)
      await folder.write(names.config, encoder.encode(configText))
      await folder.write(names.record, encoder.encode(formatRecord(record)))
      const log = await folder.appendTo(names.log, 0)
      log.append(new ScalarLog().bytes)
      const replies = await folder.appendTo(names.replies, 0)
      const metrics = await folder.appendTo(names.metrics, 0)
      metrics.append(encoder.encode(metricsHeader))
      return new RunWriter(folder, { log, replies, metrics }, config, 0)
    } catch (error) {
      await folder.release()
      throw error
    }
  }

  /**
   * Locks a run to continue it. Cuts log and metrics back to the last round that both hold whole.
   * @param discardDamaged continue from before a damaged frame instead of refusing
   * @throws HisoError RUN_NOT_FOUND, RUN_LOCKED, RUN_CORRUPT, RUN_NEWER
   */
  static async reopen(
    host: Host,
    path: string,
    discardDamaged = false,
  ): Promise<{ readonly writer: RunWriter; readonly run: StoredRun }> {
    if ((await host.files.kind(host.files.join(path, names.record))) !== 'file')
      throw notFound(path)
    const folder = await host.files.take(path)
    try {
      const { run, metricsLength } = await readFrom(folder, host, discardDamaged)
      if (run.rows.length < run.log.rounds) throw onlyModel(path)
      const log = await folder.appendTo(names.log, run.log.bytes.length)
      const metrics = await folder.appendTo(names.metrics, metricsLength)
      if (metricsLength === 0) metrics.append(encoder.encode(metricsHeader))
      const received = (await folder.read(names.replies)) ?? new Uint8Array()
      const length = repliesLength(received, run.log.rounds)
      const replies = await folder.appendTo(names.replies, length)
      return { writer: new RunWriter(folder, { log, replies, metrics }, run.config, length), run }
    } catch (error) {
      await folder.release()
      throw error
    }
  }

  /**
   * Keeps the participants' answers, for people; for methods that send whole vectors at most
   * `keptUpdateBytes`.
   */
  appendReplies(frames: readonly Uint8Array[]): void {
    const bytes = frames.reduce((sum, frame) => sum + frame.length, 0)
    if (bytes > this.#repliesRoom) return
    this.#repliesRoom -= bytes
    // One write: each costs as much as the frames of a whole round.
    this.#replies.append(joinBytes(frames))
  }

  appendLog(frame: Uint8Array): void {
    this.#log.append(frame)
  }

  appendRow(row: MetricsRow): void {
    this.#metrics.append(encoder.encode(formatRow(row)))
  }

  async writeRecord(record: RunRecord): Promise<void> {
    await this.#folder.write(names.record, encoder.encode(formatRecord(record)))
  }

  async close(): Promise<void> {
    await Promise.allSettled([this.#log, this.#replies, this.#metrics].map((file) => file.close()))
    await this.#folder.release()
  }
}

async function readFrom(
  source: Source,
  host: Host,
  discardDamaged: boolean,
): Promise<{ run: StoredRun; metricsLength: number }> {
  const at = (name: string) => host.files.join(source.path, name)
  const text = async (name: string) => decoder.decode(await need(source, name))
  const record = parseRecord(await text(names.record), at(names.record))
  const config = parseConfigText(await text(names.config), at(names.config))
  const notices: string[] = []

  const reading = readLog(await need(source, names.log), at(names.log))
  if (reading.damage !== undefined && !discardDamaged) throw reading.damage
  if (reading.damage !== undefined)
    notices.push(`Left out from round ${reading.log.rounds + 1} on: the log is damaged there.`)
  if (reading.tornBytes > 0)
    notices.push(
      `Cut off ${reading.tornBytes} bytes of an unfinished round at the end of ${names.log}.`,
    )

  const measured = await source.read(names.metrics)
  const metrics = readMetrics(decoder.decode(measured ?? new Uint8Array()), at(names.metrics))
  if (metrics.rows.length + 1 < reading.log.rounds && record.status === 'running')
    throw new HisoError('RUN_CORRUPT', {
      where: at(names.metrics),
      what: `it ends at round ${metrics.rows.length}, but the log holds ${reading.log.rounds} rounds`,
      remedy: 'Restore it from a copy; hiso replay and hiso export --format onnx work without it',
    })
  // A packed model comes without its metrics.
  const isWhole = measured !== undefined || record.status === 'running'
  const rounds = isWhole ? Math.min(metrics.rows.length, reading.log.rounds) : reading.log.rounds
  return {
    run: {
      path: source.path,
      config,
      record,
      log: firstRounds(reading.log, rounds),
      rows: metrics.rows.slice(0, rounds),
      notices,
    },
    metricsLength: metrics.ends[rounds - 1] ?? 0,
  }
}

/** The log up to a round; drops a change recorded for a round that never finished. */
function firstRounds(log: ScalarLog, rounds: number): ScalarLog {
  const cut = new ScalarLog()
  for (const message of decodeFrames(log.slice(0, rounds))) cut.append(message)
  return cut
}

async function need(source: Source, name: string): Promise<Uint8Array> {
  const bytes = await source.read(name)
  if (bytes !== undefined) return bytes
  throw name === names.record
    ? notFound(source.path)
    : new HisoError('RUN_CORRUPT', {
        where: source.path,
        what: `the run's ${name} is missing`,
        remedy: 'Restore it from a copy',
      })
}

function onlyModel(path: string): HisoError {
  return new HisoError('RUN_CORRUPT', {
    where: path,
    what: `it came without its ${names.metrics}: its model can be rebuilt and tried, but the run cannot continue`,
    remedy: 'Start a new run from it (hiso run with this folder as its config)',
  })
}

function notFound(path: string): HisoError {
  return new HisoError('RUN_NOT_FOUND', {
    where: path,
    what: `this folder holds no run: it has no ${names.record}`,
    remedy: 'hiso list shows the runs that exist',
  })
}

/** All messages of a log, from the first round on. */
export function messagesOf(log: ScalarLog): Generator<LogMessage> {
  return decodeFrames(log.since(0))
}

/** Byte length of the replies to the first `rounds` rounds. */
function repliesLength(frames: Uint8Array, rounds: number): number {
  let length = 0
  for (const { message, end } of framesIn(frames, replyFile)) {
    if (message.round >= rounds) break
    length = end
  }
  return length
}

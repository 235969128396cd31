/**
 * A run as one file (`.hiso`), to send and open elsewhere: the files of its folder, one after the
 * other, with a checksum. Either all of them, or those that determine the trained model: config,
 * record and log.
 *
 *     "HISORUN" · version uint8 · count varint · { name length varint · name UTF-8 · length varint · content }… · CRC-32 uint32
 */
import { crc32, HisoError, type Host } from '../base/index.ts'
import { parseConfigText, type RunConfig } from '../config/index.ts'
import { ByteReader, ByteWriter, readLog, type ScalarLog } from '../wire/index.ts'
import { newRunFolder } from './library.ts'
import { readMetrics } from './metrics.ts'
import { notesFile } from './notes.ts'
import { parseRecord, type RunRecord } from './record.ts'
import { checkBelonging } from './belonging.ts'
import { checkIsWhole, readRun, readStoredModel } from './readRun.ts'
import { attendanceFile, runFiles } from './runFiles.ts'

const decoder = new TextDecoder()
const magic = new TextEncoder().encode('HISORUN')
const version = 1
const contents: readonly string[] = [...Object.values(runFiles), attendanceFile, notesFile]

/** The files that determine the trained model, given its initial model. */
const modelContents = [runFiles.config, runFiles.record, runFiles.log] as const

export interface PackOptions {
  /** The whole run, or only what its trained model can be rebuilt from. */
  readonly what: 'run' | 'model'
  /** Whether a run may hold fewer rounds than it has recorded. */
  readonly isPartial?: boolean
}

/** @throws HisoError RUN_… when the folder holds no whole run */
export async function packRun(
  host: Host,
  folder: string,
  { what, isPartial = false }: PackOptions,
): Promise<Uint8Array> {
  const run = await (what === 'run' ? readRun : readStoredModel)(host, folder)
  if (!isPartial) checkIsWhole(run, folder)
  const own = host.files.own(folder)
  const present: (readonly [string, Uint8Array])[] = []
  for (const name of what === 'run' ? contents : modelContents) {
    // Without the end of a round that never finished.
    const bytes = name === runFiles.log ? run.log.bytes : await own.read(name)
    if (bytes !== undefined) present.push([name, bytes])
  }
  return packFiles(present)
}

/** A run file of any files: `packRun` sees to it that they are those of a run. */
export function packFiles(entries: readonly (readonly [string, Uint8Array])[]): Uint8Array {
  const pack = new ByteWriter()
  pack.bytes(magic)
  pack.uint8(version)
  pack.varint(entries.length)
  for (const [name, bytes] of entries) {
    const label = new TextEncoder().encode(name)
    pack.varint(label.length)
    pack.bytes(label)
    pack.varint(bytes.length)
    pack.bytes(bytes)
  }
  pack.uint32(crc32(pack.take()))
  return pack.take()
}

/**
 * Unpacks a run file into a new folder of a library; nothing is written of one that is not whole.
 * @param where the file, for messages
 * @returns the run's folder
 * @throws HisoError RUN_CORRUPT, RUN_CHANGED, RUN_NEWER
 */
export async function unpackRun(
  host: Host,
  bytes: Uint8Array,
  library: string,
  where: string,
): Promise<string> {
  const entries = entriesOf(bytes, where)
  const model = modelIn(entries, where, host)
  checkIsWhole(model, where, lossRemedy)
  const metrics = entries.get(runFiles.metrics)
  if (metrics !== undefined) {
    const { damage } = readMetrics(decoder.decode(metrics), `${where}, ${runFiles.metrics}`)
    if (damage !== undefined) throw damage
  }
  const folder = await host.files.take(await newRunFolder(host.files, library, model.config))
  try {
    for (const [name, content] of entries) await folder.write(name, content)
  } catch (error) {
    await folder.discard()
    throw error
  }
  await folder.release()
  return folder.path
}

const lossRemedy = 'Ask for the file again; hiso unpack takes what is there with --partial'

/** What a run file of either kind reveals about the trained model. */
export interface PackedModel {
  readonly config: RunConfig
  readonly record: RunRecord
  readonly log: ScalarLog
}

export interface PackedRunFile extends PackedModel {
  /** Whether the file holds the rest of the run as well: its metrics and replies. */
  readonly isWholeRun: boolean
}

export interface PackedReading {
  readonly where: string
  /** Whether a run may hold fewer rounds than it has recorded. */
  readonly isPartial?: boolean
}

/**
 * Reads a run file without unpacking it.
 * @param where the file, for messages
 * @throws HisoError RUN_CORRUPT, RUN_CHANGED, RUN_NEWER
 */
export function readPackedModel(
  bytes: Uint8Array,
  { where, isPartial = false }: PackedReading,
  host: Pick<Host, 'sha256'>,
): PackedRunFile {
  const entries = entriesOf(bytes, where)
  const model = modelIn(entries, where, host)
  if (!isPartial) checkIsWhole(model, where, lossRemedy)
  return { ...model, isWholeRun: entries.has(runFiles.metrics) }
}

function modelIn(
  entries: ReadonlyMap<string, Uint8Array>,
  where: string,
  host: Pick<Host, 'sha256'>,
): PackedModel {
  const [configPart, recordPart, logPart] = modelContents.map((name) => {
    const content = entries.get(name)
    if (content === undefined) throw foreign(where, `it holds no ${name}`)
    return { content, name: `${where}, ${name}` }
  }) as [Part, Part, Part]
  const configText = decoder.decode(configPart.content)
  const reading = readLog(logPart.content, logPart.name)
  if (reading.damage !== undefined) throw reading.damage
  const model = {
    config: parseConfigText(configText, configPart.name),
    record: parseRecord(decoder.decode(recordPart.content), recordPart.name),
    log: reading.log,
  }
  checkBelonging({ ...model, configText }, where, host)
  return model
}

interface Part {
  readonly content: Uint8Array
  readonly name: string
}

/** The files in a run file, by name. @throws HisoError RUN_CORRUPT, RUN_NEWER */
export function entriesOf(bytes: Uint8Array, where: string): Map<string, Uint8Array> {
  if (magic.some((byte, index) => byte !== bytes[index]))
    throw foreign(where, 'this is not a run file of HiSo Studio')
  const reader = new ByteReader(bytes, magic.length)
  try {
    const written = reader.uint8()
    if (written > version)
      throw new HisoError('RUN_NEWER', {
        where,
        what: `the run file has format version ${written}, this program reads up to ${version}`,
        remedy: 'Open it with a newer HiSo Studio',
      })
    const entries = new Map<string, Uint8Array>()
    for (let left = reader.varint(); left > 0; left--) {
      const name = new TextDecoder().decode(reader.bytes(reader.varint()))
      if (!contents.includes(name))
        throw foreign(where, `it holds a file that runs don't have (${name})`)
      if (entries.has(name)) throw foreign(where, `it holds two files of one name (${name})`)
      entries.set(name, reader.bytes(reader.varint()))
    }
    if (crc32(bytes.subarray(0, reader.offset)) !== reader.uint32())
      throw foreign(where, 'the checksum does not match')
    if (reader.remaining > 0) throw foreign(where, `${reader.remaining} bytes stand behind its end`)
    return entries
  } catch (cause) {
    if (cause instanceof HisoError && cause.code !== 'WIRE_CORRUPT') throw cause
    throw foreign(where, 'the file is cut short', cause)
  }
}

function foreign(where: string, what: string, cause?: unknown): HisoError {
  return new HisoError('RUN_CORRUPT', {
    where,
    what,
    remedy: 'Copy the file again, or ask for it again where it came from',
    cause,
  })
}

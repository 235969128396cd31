/**
 * A run as one file (`.hiso`), to send and open elsewhere: the files of its folder, one after the
 * other, with a checksum. Either all of them, or those that determine the trained model: config,
 * record and log.
 *
 *     "HISORUN" · version uint8 · count varint · { name length varint · name UTF-8 · length varint · content }… · CRC-32 uint32
 */
import { HisoError, type Host } from '../base/index.ts'
import { parseConfigText, type RunConfig } from '../config/index.ts'
import { ByteReader, ByteWriter, crc32, readLog, type ScalarLog } from '../wire/index.ts'
import { newRunFolder } from './library.ts'
import { notesFile } from './notes.ts'
import { parseRecord, type RunRecord } from './record.ts'
import { runFiles } from './runFiles.ts'
import { readRun, readRunFiles } from './runFolder.ts'

const magic = new TextEncoder().encode('HISORUN')
const version = 1
const contents: readonly string[] = [...Object.values(runFiles), notesFile]

/** The files that determine the trained model, given its initial model. */
const modelContents = [runFiles.config, runFiles.record, runFiles.log] as const

/**
 * @param what the whole run, or only the files from which its trained model can be rebuilt
 * @throws HisoError RUN_… if the folder holds no whole run
 */
export async function packRun(
  host: Host,
  folder: string,
  what: 'run' | 'model' = 'run',
): Promise<Uint8Array> {
  await readRun(host, folder)
  const { files } = host
  const present: (readonly [string, Uint8Array])[] = []
  for (const name of what === 'run' ? contents : modelContents) {
    const path = files.join(folder, name)
    if ((await files.kind(path)) === 'file') present.push([name, await files.read(path)])
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
 * Unpacks a run file into a new folder of a library.
 * @param where the file, for messages
 * @returns the run's folder
 * @throws HisoError RUN_CORRUPT, RUN_NEWER
 */
export async function unpackRun(
  host: Host,
  bytes: Uint8Array,
  library: string,
  where: string,
): Promise<string> {
  const entries = entriesOf(bytes, where)
  if (!entries.has(runFiles.record)) throw foreign(where, `it holds no ${runFiles.record}`)
  // Read whole before anything is written: what is refused leaves nothing behind.
  const { config } = await readRunFiles(host, where, entries)
  const folder = await host.files.take(await newRunFolder(host.files, library, config))
  try {
    for (const [name, content] of entries) await folder.write(name, content)
  } finally {
    await folder.release()
  }
  return folder.path
}

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

/**
 * Reads a run file without unpacking it.
 * @param where the file, for messages
 * @throws HisoError RUN_CORRUPT, RUN_NEWER
 */
export function readPackedModel(bytes: Uint8Array, where: string): PackedRunFile {
  const entries = entriesOf(bytes, where)
  const [config, record, log] = modelContents.map((name) => {
    const content = entries.get(name)
    if (content === undefined) throw foreign(where, `it holds no ${name}`)
    return { content, name: `${where}, ${name}` }
  }) as [Part, Part, Part]
  const text = ({ content }: Part) => new TextDecoder().decode(content)
  const reading = readLog(log.content, log.name)
  if (reading.damage !== undefined) throw reading.damage
  return {
    config: parseConfigText(text(config), config.name),
    record: parseRecord(text(record), record.name),
    log: reading.log,
    isWholeRun: entries.has(runFiles.metrics),
  }
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
      entries.set(name, reader.bytes(reader.varint()))
    }
    if (crc32(bytes.subarray(0, reader.offset)) !== reader.uint32())
      throw foreign(where, 'the checksum does not match')
    return entries
  } catch (cause) {
    if (cause instanceof HisoError && cause.code !== 'WIRE_CORRUPT') throw cause
    throw foreign(where, 'the file is cut short', cause)
  }
}

function foreign(where: string, what: string, cause?: unknown): HisoError {
  return new HisoError('RUN_CORRUPT', { where, what, cause })
}

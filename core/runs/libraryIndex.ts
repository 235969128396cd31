/**
 * The rows of a large library from one process to the next. An index and never the truth: a row
 * counts only while the files that it was read from have their stamp. An index that is missing,
 * damaged or of another build of the program is made anew, silently.
 */
import type { Host } from '../base/index.ts'
import type { RunConfig } from '../config/index.ts'
import type { RunNotes } from './notes.ts'
import type { RunRecord } from './record.ts'
import { packObjects, unpackObjects, type PackedObjects } from './sharedValues.ts'

/** What a library shows of a run, and the stamp of the files that it was read from. */
export interface IndexedRow {
  readonly stamp: string
  readonly record: RunRecord
  readonly config: RunConfig
  readonly notes: RunNotes
}

/** By the name of the run's folder. */
export type IndexedRows = ReadonlyMap<string, IndexedRow>

/** An index as it was found. */
export interface FoundIndex {
  /** Of its content; empty where there was none. */
  readonly revision: string
  readonly rows: IndexedRows
}

/** What an index says of a library, before anything was checked. Cheap to send. */
export interface RecalledLibrary {
  readonly revision: string
  /** What stands before the name of a folder in its path. */
  readonly within: string
  /** JSON of the rows without their stamps. */
  readonly rows: Uint8Array
}

/** Smaller libraries are read at once without. */
const leastRows = 100

/** Reading one row in a thousand anew costs less than writing all. */
export function isWorthWriting(rows: number, changes: number): boolean {
  return rows >= leastRows && changes > rows / 1000
}

export async function readIndex(host: Host, library: string): Promise<FoundIndex> {
  const none: FoundIndex = { revision: '', rows: new Map() }
  try {
    const found = await openIndex(host, library)
    if (found === undefined) return none
    const stamps = parsed(found.stamps) as readonly string[]
    const rows = unpackRows(found.rows).map(
      ([name, row], at) => [name, { stamp: stamps[at]!, ...row }] as const,
    )
    return { revision: found.revision, rows: new Map(rows) }
  } catch {
    return none
  }
}

/** At once, whatever has become of the library meanwhile. @returns undefined without an index */
export async function recallLibrary(
  host: Host,
  library: string,
): Promise<RecalledLibrary | undefined> {
  const found = await openIndex(host, library)
  if (found === undefined) return undefined
  // Any name will do but '.', which a path loses.
  const within = host.files.join(library, 'x').slice(0, -1)
  return { revision: found.revision, within, rows: found.rows.slice() }
}

/** @returns the rows by the paths of their folders */
export function unpackRecalled({
  within,
  rows,
}: RecalledLibrary): readonly (UnstampedRow & { readonly folder: string })[] {
  return unpackRows(rows).map(([name, { record, config, notes }]) => ({
    folder: within + name,
    record,
    config,
    notes,
  }))
}

export async function writeIndex(host: Host, library: string, rows: IndexedRows): Promise<void> {
  const stamps = JSON.stringify([...rows.values()].map(({ stamp }) => stamp))
  const content = encoded(`${stamps}\n${JSON.stringify(packRows(rows))}`)
  const bytes = new Uint8Array(hashLength + content.length)
  bytes.set(encoded(hashOf(host, content)))
  bytes.set(content, hashLength)
  await host.cache.write(nameOf(host, library), bytes)
}

/** The parts of an index that is whole. */
async function openIndex(
  host: Host,
  library: string,
): Promise<{ revision: string; stamps: Uint8Array; rows: Uint8Array } | undefined> {
  const bytes = await host.cache.read(nameOf(host, library))
  if (bytes === undefined) return undefined
  const content = bytes.subarray(hashLength)
  const revision = new TextDecoder().decode(bytes.subarray(0, hashLength))
  const end = content.indexOf(lineEnd)
  if (end < 0 || hashOf(host, content) !== revision) return undefined
  return { revision, stamps: content.subarray(0, end), rows: content.subarray(end + 1) }
}

type UnstampedRow = Omit<IndexedRow, 'stamp'>

interface PackedRows {
  readonly names: readonly string[]
  readonly records: PackedObjects
  readonly configs: PackedObjects
  readonly notes: PackedObjects
}

function packRows(rows: IndexedRows): PackedRows {
  const all = [...rows.values()]
  return {
    names: [...rows.keys()],
    records: packObjects(all.map(({ record }) => record)),
    configs: packObjects(all.map(({ config }) => config)),
    notes: packObjects(all.map(({ notes }) => notes)),
  }
}

function unpackRows(bytes: Uint8Array): (readonly [name: string, row: UnstampedRow])[] {
  const { names, ...packed } = parsed(bytes) as PackedRows
  const records = unpackObjects(packed.records) as RunRecord[]
  const configs = unpackObjects(packed.configs) as RunConfig[]
  const notes = unpackObjects(packed.notes) as RunNotes[]
  return names.map((name, at) => [
    name,
    { record: records[at]!, config: configs[at]!, notes: notes[at]! },
  ])
}

/** Hexadecimal SHA-256. */
const hashLength = 64

const lineEnd = 10

const encoded = (text: string) => new TextEncoder().encode(text)

const parsed = (bytes: Uint8Array): unknown => JSON.parse(new TextDecoder().decode(bytes))

const hashOf = (host: Host, bytes: Uint8Array) => host.sha256().update(bytes).hex()

const nameOf = (host: Host, library: string) => `library-${hashOf(host, encoded(library))}`

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

/** Smaller libraries are read at once without. */
const leastRows = 100

/** Reading one row in a thousand anew costs less than writing all. */
export function isWorthWriting(rows: number, changes: number): boolean {
  return rows >= leastRows && changes > rows / 1000
}

export async function readIndex(host: Host, library: string): Promise<IndexedRows> {
  const bytes = await host.cache.read(nameOf(host, library))
  if (bytes === undefined) return new Map()
  try {
    const content = bytes.subarray(hashLength)
    const hash = new TextDecoder().decode(bytes.subarray(0, hashLength))
    if (hashOf(host, content) !== hash) return new Map()
    return unpackRows(JSON.parse(new TextDecoder().decode(content)) as PackedRows)
  } catch {
    return new Map()
  }
}

export async function writeIndex(host: Host, library: string, rows: IndexedRows): Promise<void> {
  const content = encoded(JSON.stringify(packRows(rows)))
  const bytes = new Uint8Array(hashLength + content.length)
  bytes.set(encoded(hashOf(host, content)))
  bytes.set(content, hashLength)
  await host.cache.write(nameOf(host, library), bytes)
}

interface PackedRows {
  readonly names: readonly string[]
  readonly stamps: readonly string[]
  readonly records: PackedObjects
  readonly configs: PackedObjects
  readonly notes: PackedObjects
}

function packRows(rows: IndexedRows): PackedRows {
  const all = [...rows.values()]
  return {
    names: [...rows.keys()],
    stamps: all.map(({ stamp }) => stamp),
    records: packObjects(all.map(({ record }) => record)),
    configs: packObjects(all.map(({ config }) => config)),
    notes: packObjects(all.map(({ notes }) => notes)),
  }
}

function unpackRows({ names, stamps, ...packed }: PackedRows): IndexedRows {
  const records = unpackObjects(packed.records) as RunRecord[]
  const configs = unpackObjects(packed.configs) as RunConfig[]
  const notes = unpackObjects(packed.notes) as RunNotes[]
  return new Map(
    names.map((name, at) => [
      name,
      { stamp: stamps[at]!, record: records[at]!, config: configs[at]!, notes: notes[at]! },
    ]),
  )
}

/** Hexadecimal SHA-256. */
const hashLength = 64

const encoded = (text: string) => new TextEncoder().encode(text)

const hashOf = (host: Host, bytes: Uint8Array) => host.sha256().update(bytes).hex()

const nameOf = (host: Host, library: string) => `library-${hashOf(host, encoded(library))}`

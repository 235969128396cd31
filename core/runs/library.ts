/**
 * A library: a folder of run folders. How new ones are named, what it holds, and what people note
 * about a run.
 */
import type { Files, Host } from '../base/index.ts'
import {
  createConfigReader,
  parseRunConfig,
  type ConfigReader,
  type RunConfig,
} from '../config/index.ts'
import { readMetrics } from './metrics.ts'
import { asOfRows, parseRecord, type RunRecord } from './record.ts'
import { runFiles } from './runFiles.ts'

/** What people note about a run; kept beside it in notes.json. */
export interface RunNotes {
  /** Shown instead of the config's name. */
  readonly title?: string
  readonly tags: readonly string[]
  readonly text: string
}

export interface ListedRun {
  readonly folder: string
  readonly record: RunRecord
  readonly config: RunConfig
  readonly notes: RunNotes
}

export const notesFile = 'notes.json'
const noNotes: RunNotes = { tags: [], text: '' }

/** Enough to keep a disk busy, and far below the number of files that a process may open. */
const foldersAtOnce = 32

/** A folder for a new run that does not exist yet: name-method-seed, then numbered. */
export async function newRunFolder(
  files: Files,
  library: string,
  config: RunConfig,
): Promise<string> {
  const slug =
    config.name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'run'
  const name = `${slug}-${config.method.name}-seed${config.seed}`
  for (let number = 1; ; number++) {
    const folder = files.join(library, number === 1 ? name : `${name}-${number}`)
    if ((await files.kind(folder)) === undefined) return folder
  }
}

/**
 * The content of a library from an earlier reading, by folder: a run with unchanged files is not
 * parsed again.
 */
export type LibraryMemory = Map<string, { readonly texts: string; readonly run: ListedRun }>

/** Progress of reading a library, in folders. */
export interface LibraryProgress {
  readonly read: number
  readonly total: number
}

/** Progress is reported after this many folders. */
const foldersPerReport = 8 * foldersAtOnce

/**
 * Every run in a library, by folder name; folders without a readable run are left out.
 * @param memory kept by the caller from one call to the next
 * @param tell receives the progress, for libraries that take a while
 */
export async function listLibrary(
  host: Host,
  library: string,
  memory: LibraryMemory = new Map(),
  tell: (progress: LibraryProgress) => void = () => {},
): Promise<ListedRun[]> {
  const { files } = host
  if ((await files.kind(library)) !== 'folder') return []
  const folders = (await files.list(library)).map((name) => files.join(library, name))
  const readConfig = createConfigReader()
  const runs: ListedRun[] = []
  for (let start = 0; start < folders.length; start += foldersAtOnce) {
    const some = folders.slice(start, start + foldersAtOnce)
    const read = await Promise.all(some.map((at) => readListed(host, at, memory, readConfig)))
    runs.push(...read.filter((run) => run !== undefined))
    const done = start + foldersAtOnce
    if (done < folders.length && done % foldersPerReport === 0)
      tell({ read: done, total: folders.length })
  }
  return runs
}

async function readListed(
  host: Host,
  folder: string,
  memory: LibraryMemory,
  readConfig: ConfigReader,
): Promise<ListedRun | undefined> {
  const { files } = host
  const [recordAt, configAt] = [
    files.join(folder, runFiles.record),
    files.join(folder, runFiles.config),
  ]
  try {
    const decoder = new TextDecoder()
    const record = decoder.decode(await files.read(recordAt))
    const config = decoder.decode(await files.read(configAt))
    const texts = `${record}\n${config}`
    const known = memory.get(folder)
    const run = {
      ...(known?.texts === texts
        ? known.run
        : {
            folder,
            record: parseRecord(record, recordAt),
            config: parseRunConfig(readConfig(config, configAt), configAt),
          }),
      notes: await readNotes(files, folder),
    }
    memory.set(folder, { texts, run })
    if (run.record.status !== 'running') return run
    const metricsAt = files.join(folder, runFiles.metrics)
    const { rows } = readMetrics(decoder.decode(await files.read(metricsAt)), metricsAt)
    return { ...run, record: asOfRows(run.record, rows) }
  } catch {
    memory.delete(folder)
    return undefined
  }
}

export async function readNotes(files: Files, folder: string): Promise<RunNotes> {
  const at = files.join(folder, notesFile)
  if ((await files.kind(at)) !== 'file') return noNotes
  try {
    return {
      ...noNotes,
      ...(JSON.parse(new TextDecoder().decode(await files.read(at))) as Partial<RunNotes>),
    }
  } catch {
    return noNotes
  }
}

/** @throws HisoError FILE_UNWRITABLE */
export function writeNotes(files: Files, folder: string, notes: RunNotes): Promise<void> {
  const bytes = new TextEncoder().encode(`${JSON.stringify(notes, null, 2)}\n`)
  return files.write(files.join(folder, notesFile), bytes)
}

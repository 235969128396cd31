/**
 * A library: a folder of run folders. How new ones are named, what is in it.
 */
import { HisoError, messageOf, type Files, type Host } from '../base/index.ts'
import {
  createConfigReader,
  parseConfigText,
  parseRunConfig,
  type RunConfig,
} from '../config/index.ts'
import { withRounds } from './changedConfig.ts'
import {
  isWorthWriting,
  readIndex,
  writeIndex,
  type IndexedRow,
  type IndexedRows,
} from './libraryIndex.ts'
import { readMetrics } from './metrics.ts'
import { notesFile, readNotes, type RunNotes } from './notes.ts'
import { asOfRows, parseRecord, type RunRecord } from './record.ts'
import { runFiles } from './runFiles.ts'
import { phrasesApart } from './runNames.ts'
import { SharedValues } from './sharedValues.ts'

export interface ListedRun {
  readonly folder: string
  readonly record: RunRecord
  readonly config: RunConfig
  readonly notes: RunNotes
}

/** Enough to keep a disk busy, and far below the number of files that a process may open. */
const foldersAtOnce = 32

/** What a row of the list is read from, while the run does not go on. */
const rowFiles = [runFiles.record, runFiles.config, notesFile]

/**
 * A folder for a new run that does not exist yet: name-method-seed. Where there is such a run
 * already, followed by what differs from it; then numbered.
 * @param claim takes a folder that is not there yet, unless another run is about to be: of several
 *   that begin at once each has its own
 */
export async function newRunFolder(
  files: Files,
  library: string,
  config: RunConfig,
  claim: (folder: string) => boolean = () => true,
): Promise<string> {
  const { name, method, seed } = config
  const isFree = async (at: string) => (await files.kind(at)) === undefined && claim(at)
  const usual = files.join(library, `${slugOf(name) || 'run'}-${method.name}-seed${seed}`)
  if (await isFree(usual)) return usual
  const differences = slugOf((await phrasesBeside(files, usual, config)).join(' '))
  const own = differences === '' ? usual : `${usual}-${differences}`
  for (let number = 1; ; number++) {
    const folder = number === 1 ? own : `${own}-${number}`
    if (await isFree(folder)) return folder
  }
}

/** What makes a config differ from that of a run in a folder. */
async function phrasesBeside(files: Files, folder: string, config: RunConfig): Promise<string[]> {
  try {
    const at = files.join(folder, runFiles.config)
    const text = new TextDecoder().decode(await files.read(at))
    return phrasesApart([parseConfigText(text, at), config])[1]!
  } catch {
    // Whatever is in that folder, it has no settings to differ from.
    return []
  }
}

const letters: Readonly<Record<string, string>> = {
  ...{ α: 'alpha', β: 'beta', δ: 'delta', ε: 'epsilon', η: 'eta', λ: 'lambda' },
  ...{ μ: 'mu', ν: 'nu', ρ: 'rho', σ: 'sigma', τ: 'tau' },
}

/** 'η 0.01, Dirichlet' as eta0.01-dirichlet: what every file system takes. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/([α-ω]) (?=\d)/g, '$1')
    .replace(/[α-ω]/g, (letter) => letters[letter] ?? '-')
    .replace(/[^a-z0-9.]+|\.(?!\d)|(?<!\d)\./g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, longestSlug)
}

/** File systems take 255 bytes. */
const longestSlug = 80

/** The rows of libraries from earlier readings, by library. */
export type LibraryMemory = Map<string, IndexedRows>

/** Progress of reading a library, in folders. */
export interface LibraryProgress {
  readonly read: number
  readonly total: number
}

/** Progress is reported after this many folders. */
const foldersPerReport = 8 * foldersAtOnce

/** A run's folder that can't be shown as it is, and why: a whole run, or its notes. */
export interface RunProblem {
  readonly folder: string
  readonly problem: string
}

export interface Library {
  readonly runs: readonly ListedRun[]
  readonly problems: readonly RunProblem[]
}

/**
 * Every run in a library, by folder name, and those one level down: `hiso run --methods … --out`
 * and `hiso tune` write a folder of runs. Folders that hold no run are left out. Only what has
 * changed since an earlier reading is read, be that reading the caller's or another process's.
 * @param memory kept by the caller from one call to the next
 * @param tell receives the progress, for libraries that take a while
 */
export async function listLibrary(
  host: Host,
  library: string,
  memory: LibraryMemory = new Map(),
  tell: (progress: LibraryProgress) => void = () => {},
): Promise<Library> {
  const { files } = host
  if ((await files.kind(library)) !== 'folder') return { runs: [], problems: [] }
  const names = await files.list(library)
  const before = memory.get(library) ?? (await readIndex(host, library)).rows
  const reader = new RowReader(host, library, before)
  const rows = new Map<string, IndexedRow>()
  const runs: ListedRun[] = []
  const problems: RunProblem[] = []
  const groups: string[] = []
  let kept = 0
  const readSome = async (some: readonly string[]) => {
    for (const { name, folder, row, problem } of await Promise.all(
      some.map((name) => reader.read(name)),
    )) {
      if (row === undefined && problem === undefined) groups.push(name)
      if (problem !== undefined) problems.push({ folder, problem })
      if (row === undefined) continue
      const { record, config, notes } = row
      runs.push({ folder, record, config, notes })
      if (row.stamp === undefined || problem !== undefined) continue
      rows.set(name, row as IndexedRow)
      if (before.get(name) === row) kept++
    }
    await host.breathe()
  }
  for (let start = 0; start < names.length; start += foldersAtOnce) {
    await readSome(names.slice(start, start + foldersAtOnce))
    const done = start + foldersAtOnce
    if (done < names.length && done % foldersPerReport === 0)
      tell({ read: done, total: names.length })
  }
  for (const group of groups.splice(0)) {
    const inside = await namesInGroup(files, library, group).catch((error: unknown) => {
      problems.push({ folder: files.join(library, group), problem: messageOf(error) })
      return []
    })
    for (let start = 0; start < inside.length; start += foldersAtOnce)
      await readSome(inside.slice(start, start + foldersAtOnce))
  }
  memory.set(library, rows)
  const changes = rows.size + before.size - 2 * kept
  if (isWorthWriting(rows.size, changes)) await writeIndex(host, library, rows)
  const byFolder = (a: { folder: string }, b: { folder: string }) => (a.folder < b.folder ? -1 : 1)
  return { runs: runs.sort(byFolder), problems: problems.sort(byFolder) }
}

/** What lies in a folder that is no run itself; nothing in a file, or in a hidden folder. */
async function namesInGroup(files: Files, library: string, group: string): Promise<string[]> {
  if (group.startsWith('.')) return []
  const folder = files.join(library, group)
  if ((await files.kind(folder)) !== 'folder') return []
  return (await files.list(folder)).map((name) => files.join(group, name))
}

/** run.json and config.yaml have a few kilobytes; a large model's list of weights some hundred. */
const LARGEST_FILE = 2 ** 24

/** What was found in a folder of a library; a row without a stamp is not kept. */
interface Found {
  readonly name: string
  readonly folder: string
  readonly row?: Omit<IndexedRow, 'stamp'> & { readonly stamp: string | undefined }
  readonly problem?: string
}

/** Reads the rows of a library that are not known yet. */
class RowReader {
  readonly #host: Host
  readonly #library: string
  readonly #known: IndexedRows
  readonly #readConfig = createConfigReader()
  readonly #shared = new SharedValues()

  constructor(host: Host, library: string, known: IndexedRows) {
    this.#host = host
    this.#library = library
    this.#known = known
  }

  async read(name: string): Promise<Found> {
    const { files } = this.#host
    const folder = files.join(this.#library, name)
    const known = this.#known.get(name)
    if (known !== undefined && (await this.#stampOf(folder, known.record)) === known.stamp)
      return { name, folder, row: known }
    try {
      if ((await files.kind(files.join(folder, runFiles.record))) === undefined)
        return { name, folder }
      return { name, folder, ...(await this.#readRow(folder)) }
    } catch (error) {
      return { name, folder, problem: messageOf(error) }
    }
  }

  /** Of what a row is read from: the metrics count only while the record does not have them. */
  #stampOf(folder: string, { status }: Pick<RunRecord, 'status'>): Promise<string | undefined> {
    const sources = status === 'running' ? [...rowFiles, runFiles.metrics] : rowFiles
    return this.#host.files.stamp(sources.map((name) => this.#host.files.join(folder, name)))
  }

  async #readRow(folder: string): Promise<Pick<Found, 'row' | 'problem'>> {
    // A stamp from before the reading: what changes meanwhile is read again the next time.
    const [ended, running] = await Promise.all(
      (['finished', 'running'] as const).map((status) => this.#stampOf(folder, { status })),
    )
    const [recordText, recordAt] = await this.#textOf(folder, runFiles.record)
    const [configText, configAt] = await this.#textOf(folder, runFiles.config)
    const record = await this.#asPlayed(folder, parseRecord(recordText, recordAt))
    const config = parseRunConfig(this.#readConfig(configText, configAt), configAt)
    const { plannedRounds = config.federation.rounds } = record
    const { notes, problem } = await readNotes(this.#host.files, folder)
    const row = {
      stamp: record.status === 'running' ? running : ended,
      record: this.#shared.shareParts(record),
      config: this.#shared.shareParts(withRounds(config, plannedRounds)),
      notes: this.#shared.shareParts(notes),
    }
    return { row, ...(problem !== undefined && { problem }) }
  }

  async #asPlayed(folder: string, record: RunRecord): Promise<RunRecord> {
    if (record.status !== 'running') return record
    const { rows } = readMetrics(...(await this.#textOf(folder, runFiles.metrics)))
    return asOfRows(record, rows)
  }

  async #textOf(folder: string, name: string): Promise<readonly [text: string, at: string]> {
    const { files } = this.#host
    const at = files.join(folder, name)
    if (name !== runFiles.metrics && (await files.size(at)) > LARGEST_FILE)
      throw new HisoError('RUN_CORRUPT', {
        where: at,
        what: `it is too large for a ${name}`,
        remedy: 'Restore it from a copy, or move the folder out of the library',
      })
    return [new TextDecoder().decode(await files.read(at)), at]
  }
}

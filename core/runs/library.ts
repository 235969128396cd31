/**
 * A library: a folder of run folders. How new ones are named, what is in it.
 */
import { HisoError, messageOf, type Files, type Host } from '../base/index.ts'
import {
  createConfigReader,
  parseConfigText,
  parseRunConfig,
  type ConfigReader,
  type RunConfig,
} from '../config/index.ts'
import { readMetrics } from './metrics.ts'
import { readNotes, type RunNotes } from './notes.ts'
import { withRounds } from './changedConfig.ts'
import { asOfRows, parseRecord, type RunRecord } from './record.ts'
import { runFiles } from './runFiles.ts'
import { phrasesApart } from './runNames.ts'

export interface ListedRun {
  readonly folder: string
  readonly record: RunRecord
  readonly config: RunConfig
  readonly notes: RunNotes
}

/** Enough to keep a disk busy, and far below the number of files that a process may open. */
const foldersAtOnce = 32

/**
 * A folder for a new run that does not exist yet: name-method-seed. Where there is such a run
 * already, followed by what differs from it; then numbered.
 */
export async function newRunFolder(
  files: Files,
  library: string,
  config: RunConfig,
): Promise<string> {
  const { name, method, seed } = config
  const isFree = async (at: string) => (await files.kind(at)) === undefined
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
function slugOf(text: string): string {
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

/**
 * The content of a library from an earlier reading, by folder: a run with unchanged files is not
 * parsed again.
 */
export type LibraryMemory = Map<
  string,
  { readonly texts: string; readonly run: Omit<ListedRun, 'notes'> }
>

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
 * Every run in a library, by folder name; folders that hold no run are left out.
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
  const folders = (await files.list(library)).map((name) => files.join(library, name))
  const readConfig = createConfigReader()
  const runs: ListedRun[] = []
  const problems: RunProblem[] = []
  for (let start = 0; start < folders.length; start += foldersAtOnce) {
    const some = folders.slice(start, start + foldersAtOnce)
    for (const found of await Promise.all(
      some.map((at) => readListed(host, at, memory, readConfig)),
    )) {
      if (found?.run !== undefined) runs.push(found.run)
      if (found?.problem !== undefined) problems.push(found.problem)
    }
    const done = start + foldersAtOnce
    if (done < folders.length && done % foldersPerReport === 0)
      tell({ read: done, total: folders.length })
  }
  return { runs, problems }
}

/** run.json and config.yaml have a few kilobytes; a large model's list of weights some hundred. */
const LARGEST_FILE = 2 ** 24

async function readListed(
  host: Host,
  folder: string,
  memory: LibraryMemory,
  readConfig: ConfigReader,
): Promise<{ readonly run?: ListedRun; readonly problem?: RunProblem } | undefined> {
  const { files } = host
  const recordAt = files.join(folder, runFiles.record)
  if ((await files.kind(recordAt)) === undefined) return undefined
  try {
    const run = await readFolder(host, folder, memory, readConfig)
    const { notes, problem } = await readNotes(files, folder)
    return { run: { ...run, notes }, ...(problem && { problem: { folder, problem } }) }
  } catch (error) {
    memory.delete(folder)
    return { problem: { folder, problem: messageOf(error) } }
  }
}

async function readFolder(
  host: Host,
  folder: string,
  memory: LibraryMemory,
  readConfig: ConfigReader,
): Promise<Omit<ListedRun, 'notes'>> {
  const { files } = host
  const read = async (name: string): Promise<readonly [text: string, at: string]> => {
    const at = files.join(folder, name)
    if (name !== runFiles.metrics && (await files.size(at)) > LARGEST_FILE)
      throw new HisoError('RUN_CORRUPT', {
        where: at,
        what: `it is too large for a ${name}`,
        remedy: 'Restore it from a copy, or move the folder out of the library',
      })
    return [new TextDecoder().decode(await files.read(at)), at]
  }
  const [record, recordAt] = await read(runFiles.record)
  const [config, configAt] = await read(runFiles.config)
  const texts = `${record}\n${config}`
  const known = memory.get(folder)
  const run =
    known?.texts === texts
      ? known.run
      : asListed(
          folder,
          parseRecord(record, recordAt),
          parseRunConfig(readConfig(config, configAt), configAt),
        )
  memory.set(folder, { texts, run })
  if (run.record.status !== 'running') return run
  const { rows } = readMetrics(...(await read(runFiles.metrics)))
  return { ...run, record: asOfRows(run.record, rows) }
}

function asListed(folder: string, record: RunRecord, config: RunConfig): Omit<ListedRun, 'notes'> {
  const { plannedRounds = config.federation.rounds } = record
  return { folder, record, config: withRounds(config, plannedRounds) }
}

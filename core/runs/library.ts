/** A library: a folder of run folders. How new ones are named, what is in it, and what people say of a run. */
import type { Files, Host } from '../base/index.ts'
import { parseConfigText, type RunConfig } from '../config/index.ts'
import type { RunRecord } from './record.ts'
import { readRecord, runFiles } from './runFolder.ts'

/** What people say of a run; kept beside it in notes.json. */
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

/** Every run in a library, by folder name; folders that hold no readable run are left out. */
export async function listLibrary(host: Host, library: string): Promise<ListedRun[]> {
  const { files } = host
  if ((await files.kind(library)) !== 'folder') return []
  const runs: ListedRun[] = []
  for (const name of await files.list(library)) {
    const run = await readListed(host, files.join(library, name))
    if (run !== undefined) runs.push(run)
  }
  return runs
}

async function readListed(host: Host, folder: string): Promise<ListedRun | undefined> {
  try {
    const record = await readRecord(host, folder)
    const config = host.files.join(folder, runFiles.config)
    const text = new TextDecoder().decode(await host.files.read(config))
    return {
      folder,
      record,
      config: parseConfigText(text, config),
      notes: await readNotes(host.files, folder),
    }
  } catch {
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

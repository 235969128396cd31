/**
 * Reads libraries again and again for askers that keep what they were told: they get what differs
 * from it, be it from an earlier answer or from what the index said before anything was checked.
 */
import type { Host } from '../base/index.ts'
import {
  listLibrary,
  type Library,
  type LibraryMemory,
  type LibraryProgress,
  type ListedRun,
} from './library.ts'
import { readIndex } from './libraryIndex.ts'

export interface LibraryReading extends Library {
  /** Names this answer in later questions. */
  readonly revision: string
  /** If there, `runs` are only those that have changed, and these folders hold no run any more. */
  readonly gone?: readonly string[]
}

interface Told {
  readonly revision: string
  readonly runs: ReadonlyMap<string, Omit<ListedRun, 'folder'>>
}

export class LibraryReader {
  readonly #host: Host
  readonly #memory: LibraryMemory = new Map()
  readonly #told = new Map<string, Told>()
  /** Revisions of another reader, in a thread that has died, have other names. */
  readonly #begun: string
  #readings = 0

  constructor(host: Host) {
    this.#host = host
    this.#begun = host.timestamp()
  }

  /** @param known the revision that the asker has; undefined: it has none */
  async read(
    library: string,
    known: string | undefined,
    tell?: (progress: LibraryProgress) => void,
  ): Promise<LibraryReading> {
    const before = this.#told.get(library) ?? (await this.#recall(library))
    const { runs, problems } = await listLibrary(this.#host, library, this.#memory, tell)
    const revision = `${this.#begun} ${++this.#readings}`
    const now = new Map(runs.map((run) => [run.folder, run]))
    this.#told.set(library, { revision, runs: now })
    if (known !== before.revision) return { revision, runs, problems }
    return {
      revision,
      // Whether somebody plays a run is in no file of it.
      runs: runs.filter(
        (run) => run.record.status === 'running' || !isSame(run, before.runs.get(run.folder)),
      ),
      gone: [...before.runs.keys()].filter((folder) => !now.has(folder)),
      problems,
    }
  }

  async #recall(library: string): Promise<Told> {
    const { files } = this.#host
    const { revision, rows } = await readIndex(this.#host, library)
    this.#memory.set(library, rows)
    const runs = [...rows].map(([name, row]) => [files.join(library, name), row] as const)
    return { revision, runs: new Map(runs) }
  }
}

/** What has not changed is the same object from one reading to the next. */
function isSame(
  { record, config, notes }: ListedRun,
  before: Omit<ListedRun, 'folder'> | undefined,
): boolean {
  return before?.record === record && before.config === config && before.notes === notes
}

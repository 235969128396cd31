/**
 * Which folders a page may have the engine write to. A page holds no more rights than the user has
 * given: the library, the libraries that were chosen, and run folders that were opened.
 */
import { dirname, resolve } from 'node:path'
import { HisoError } from '../../core/base/index.ts'
import type { EngineRequestName } from '../../core/engine/index.ts'
import type { AllowedFolders } from '../ipc/enginePort.ts'

const intoLibraries: ReadonlySet<EngineRequestName> = new Set([
  ...(['startRun', 'forkRun', 'importRun', 'importLessonRuns'] as const),
  ...(['inviteClients', 'serveRun'] as const),
])
const intoRuns: ReadonlySet<EngineRequestName> = new Set(['resumeRun', 'extendRun', 'annotateRun'])
/** Into a new folder of a library, or one that is there. */
const intoEither: ReadonlySet<EngineRequestName> = new Set(['serveRun'])

export class Reach {
  #libraries: ReadonlySet<string> = new Set()
  #runs: ReadonlySet<string> = new Set()

  allow({ libraries, runs }: AllowedFolders): void {
    this.#libraries = new Set(libraries.map((path) => resolve(path)))
    this.#runs = new Set(runs.map((path) => resolve(path)))
  }

  /** @throws HisoError FILE_UNWRITABLE for a folder that the user has not chosen */
  check(name: EngineRequestName, argument: unknown): void {
    const { library, folder } = (argument ?? {}) as { library?: unknown; folder?: unknown }
    if (intoLibraries.has(name) && !this.#isLibrary(library))
      throw refused(library, 'Choose it as the library in the settings')
    const isInto = intoRuns.has(name) || (intoEither.has(name) && folder !== undefined)
    if (isInto && !this.#isRun(folder))
      throw refused(folder, 'Open the run with File > Open run folder, then try again')
  }

  #isLibrary(path: unknown): boolean {
    return typeof path === 'string' && this.#libraries.has(resolve(path))
  }

  #isRun(path: unknown): boolean {
    if (typeof path !== 'string') return false
    const folder = resolve(path)
    // A library lists its own runs and those one level down.
    const group = dirname(folder)
    return [group, dirname(group)].some((it) => this.#libraries.has(it)) || this.#runs.has(folder)
  }
}

function refused(path: unknown, remedy: string): HisoError {
  return new HisoError('FILE_UNWRITABLE', {
    where: String(path),
    what: 'the window may not write there: it is no folder that was chosen',
    remedy,
  })
}

/**
 * Notices that a run's folder is gone: the system lets a process write to files that nobody will
 * find again, and all that is played from there on would be lost.
 */
import { HisoError, type Host } from '../../base/index.ts'
import { runFiles } from '../../runs/index.ts'

/** Looking costs a system call. */
const everyMs = 1000

export class FolderWatch {
  readonly #host: Pick<Host, 'files' | 'now'>
  readonly #folder: string
  #lookedAt: number

  constructor(host: Pick<Host, 'files' | 'now'>, folder: string) {
    this.#host = host
    this.#folder = folder
    this.#lookedAt = host.now()
  }

  /** Looks now and then, however often it is called. @throws HisoError FILE_UNWRITABLE */
  async look(): Promise<void> {
    const { files, now } = this.#host
    if (now() - this.#lookedAt < everyMs) return
    this.#lookedAt = now()
    if ((await files.kind(files.join(this.#folder, runFiles.record))) !== undefined) return
    throw new HisoError('FILE_UNWRITABLE', {
      where: this.#folder,
      what: 'the folder of this run is gone: it was deleted or moved while the run was played',
      remedy: 'Run the configuration again, and leave its folder where it is until the run ends',
    })
  }
}

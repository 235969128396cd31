/**
 * Which runs are in progress, for main: it asks before closing, shows progress in the dock, and
 * resumes them when the engine has died.
 */
import type { EventOfRun } from '../../core/engine/index.ts'
import { assertNever } from '../../core/base/index.ts'
import type { RunInProgress } from '../ipc/enginePort.ts'

/** How often progress is reported; starts and ends are reported at once. */
const progressEveryMs = 500

export class RunsInProgress {
  readonly #emit: (runs: readonly RunInProgress[]) => void
  readonly #runs = new Map<string, RunInProgress>()
  readonly #untilNone: (() => void)[] = []
  #timer: NodeJS.Timeout | undefined

  constructor(emit: (runs: readonly RunInProgress[]) => void) {
    this.#emit = emit
  }

  note({ folder, event }: EventOfRun): void {
    switch (event.type) {
      case 'opened': {
        const { config, resumedAt } = event
        const plannedRounds = config.federation.rounds
        this.#runs.set(folder, {
          folder,
          name: config.name,
          rounds: resumedAt,
          plannedRounds,
          isPaused: false,
        })
        return this.#emitNow()
      }
      case 'roundCompleted':
        this.#change(folder, { rounds: event.row.round })
        this.#timer ??= setTimeout(() => this.#emitNow(), progressEveryMs)
        return
      case 'paused':
      case 'continued':
        this.#change(folder, { isPaused: event.type === 'paused' })
        return this.#emitNow()
      case 'ended':
        this.#runs.delete(folder)
        this.#emitNow()
        if (this.#runs.size === 0) for (const settle of this.#untilNone.splice(0)) settle()
        return
      case 'startEvaluated':
      case 'settingChanged':
      case 'curvatureProgressed':
      case 'sliceProgressed':
      case 'walkProgressed':
      case 'machinesReported':
      case 'noticed':
        return
      default:
        assertNever(event)
    }
  }

  untilNone(): Promise<void> {
    if (this.#runs.size === 0) return Promise.resolve()
    return new Promise((resolve) => this.#untilNone.push(resolve))
  }

  #change(folder: string, part: Partial<RunInProgress>): void {
    const run = this.#runs.get(folder)
    if (run !== undefined) this.#runs.set(folder, { ...run, ...part })
  }

  #emitNow(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#emit([...this.#runs.values()])
  }
}

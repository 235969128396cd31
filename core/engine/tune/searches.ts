/**
 * Searches of settings that an engine plays for its faces: one at a time, each in a folder of the
 * library that follows from what it searches, so that asking again continues it.
 */
import { HisoError } from '../../base/index.ts'
import { planTuning, type RunConfig } from '../../config/index.ts'
import { slugOf } from '../../runs/index.ts'
import type { EngineHost } from '../engineHost.ts'
import type { EngineEvent, TuningRequest } from '../protocol/protocol.ts'
import { tune, type Tuning } from './tune.ts'

/** The shortest time between two reports of progress, in milliseconds. */
const progressEvery = 100

export class Searches {
  readonly #host: EngineHost
  readonly #emit: (event: EngineEvent) => void
  #isPlaying = false
  #isCancelled = false

  constructor(host: EngineHost, emit: (event: EngineEvent) => void) {
    this.#host = host
    this.#emit = emit
  }

  /**
   * Plays a search to its end or until it is cancelled.
   * @throws HisoError RUN_LOCKED while this engine plays another
   */
  async play(asked: TuningRequest): Promise<Tuning> {
    if (this.#isPlaying)
      throw new HisoError('RUN_LOCKED', {
        what: 'another search is being played',
        remedy: 'Wait until it is over, or cancel it',
      })
    this.#isPlaying = true
    this.#isCancelled = false
    let told = -Infinity
    try {
      return await this.#tune(asked, {
        progressed: (searched) => {
          const now = this.#host.now()
          if (now - told < progressEvery) return
          told = now
          this.#emit({ searched })
        },
        measured: (found) => this.#emit({ searched: found.share, found }),
        isCancelled: () => this.#isCancelled,
      })
    } finally {
      this.#isPlaying = false
    }
  }

  /** What is there of a search already, without playing anything. */
  read(asked: TuningRequest): Promise<Tuning> {
    const untold = { progressed: () => {}, measured: () => {} }
    return this.#tune(asked, { ...untold, isCancelled: () => true })
  }

  cancel(): void {
    this.#isCancelled = true
  }

  #tune(
    { configs, settings, library }: TuningRequest,
    watch: Parameters<typeof tune>[4],
  ): Promise<Tuning> {
    const { rungs } = planTuning(configs, settings)
    const folder = folderOf(this.#host, library, configs, rungs)
    return tune(this.#host, configs, settings, folder, watch)
  }
}

/** Where a search lies: one with more rates takes over what was played for fewer. */
function folderOf(
  host: EngineHost,
  library: string,
  configs: readonly RunConfig[],
  rungs: readonly number[],
): string {
  const fixed = configs.map(({ method, evaluation, ...rest }) => ({
    ...rest,
    evaluation: { ...evaluation, every: 0 },
    method: { ...method, learningRate: 0, perturbations: 0 },
  }))
  const text = JSON.stringify([fixed, rungs])
  const digest = host.sha256().update(new TextEncoder().encode(text)).hex().slice(0, 12)
  const name = slugOf(configs[0]!.name) || 'search'
  return host.files.join(library, 'tuning', `${name}-${digest}`)
}

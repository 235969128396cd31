/**
 * Asks a run's classifier about pictures, as it was before the first round and after the last.
 * Keeps the model of the run that was asked last.
 */
import { HisoError } from '../../base/index.ts'
import { checkIsWhole, readStoredModel } from '../../runs/index.ts'
import { taskOf, type PictureModel } from '../../tasks/index.ts'
import { checkFingerprints } from '../checkFingerprints.ts'
import type { EngineHost } from '../engineHost.ts'
import type { PictureForm, PictureTrial } from '../protocol/picture.ts'
import { rebuildState } from './rebuildState.ts'
import { giveBase } from './trainedModel.ts'

interface OpenedTrial {
  readonly folder: string
  /** Rounds of the log that `after` has applied. */
  readonly rounds: number
  readonly model: PictureModel
  readonly before: Float32Array
  readonly after: Float32Array
}

export class PictureTrials {
  readonly #host: EngineHost
  #opened: OpenedTrial | undefined
  /** Requests take turns, as there is one model. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor(host: EngineHost) {
    this.#host = host
  }

  /** @throws HisoError MODEL_UNSUPPORTED for a run that has not learned from grey pictures */
  describe(folder: string): Promise<PictureForm> {
    return this.#inTurn(async () => {
      const { model, rounds } = await this.#open(folder)
      const { height, width, classes } = model
      return { height, width, classes, rounds }
    })
  }

  /** @param pixels float32[height · width] in [0, 1] */
  ask(folder: string, pixels: Float32Array): Promise<PictureTrial> {
    return this.#inTurn(async () => {
      const { model, before, after } = await this.#open(folder)
      if (pixels.length !== model.height * model.width)
        throw new Error(`a picture of ${model.height} × ${model.width} pixels is asked about`)
      return {
        before: Float64Array.from(await model.ask(before, pixels)),
        after: Float64Array.from(await model.ask(after, pixels)),
      }
    })
  }

  async #open(folder: string): Promise<OpenedTrial> {
    const run = await readStoredModel(this.#host, folder)
    const kept = this.#opened
    if (kept?.folder === folder && kept.rounds === run.log.rounds) return kept
    this.#opened = undefined
    await kept?.model.release()
    checkIsWhole(run, folder)
    const { config, record, log } = run
    const model = await taskOf(config.task).pictures?.(config, this.#host)
    if (model === undefined)
      throw new HisoError('MODEL_UNSUPPORTED', {
        where: folder,
        what: 'the run has not learned from grey pictures',
        remedy: 'Try a run on MNIST or Fashion-MNIST',
      })
    checkFingerprints(record, { model: model.fingerprint }, folder, giveBase)
    const before = model.initialParams()
    const { trainables } = model
    const initial = model.initialParams()
    const { params } = await rebuildState(config, log, trainables, initial, this.#host)
    this.#opened = { folder, rounds: log.rounds, model, before, after: params.slice() }
    return this.#opened
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#turn.then(work, work)
    this.#turn = turn.catch(() => {})
    return turn
  }
}

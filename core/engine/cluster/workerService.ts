/**
 * The machine that works for a run elsewhere: it opens the run's task when asked, then answers one
 * call after the other. And the requests and answers that pass, as bytes.
 */
import { errorFromData, errorToData, HisoError, type ErrorData } from '../../base/index.ts'
import { parseRunConfig, type RunConfig } from '../../config/index.ts'
import { askWorker, isWorkerMethod, type RoundWorker } from '../../federation/index.ts'
import { decodeData, encodeData } from '../../wire/index.ts'
import type { OpenedWorker, WorkerReport } from '../engineHost.ts'
import type { FileManifest } from './fileManifest.ts'

export interface OpenOrder {
  /** Version of the program: results of another may have other bits. */
  readonly version: string
  readonly config: RunConfig
  readonly files: FileManifest
}

export type WorkerRequest =
  | { readonly type: 'open'; readonly order: OpenOrder }
  | { readonly type: 'call'; readonly method: string; readonly args: readonly unknown[] }

/** What a worker elsewhere says of what it has opened. */
export type RemoteReport = Pick<WorkerReport, 'dim' | 'fingerprints' | 'environment'>

type WorkerAnswer = { readonly result: unknown } | { readonly error: ErrorData }

export const encodeRequest = (request: WorkerRequest): Uint8Array => encodeData(request)

/** @returns the result @throws the error that the worker answered with */
export function decodeAnswer(bytes: Uint8Array): unknown {
  const answer = decodeData(bytes) as unknown as WorkerAnswer
  if ('error' in answer) throw errorFromData(answer.error)
  return answer.result
}

/** Opens what an order names. */
type OpenForRun = (order: OpenOrder) => Promise<OpenedWorker>

export class WorkerService {
  readonly #version: string
  readonly #open: OpenForRun
  #opened: Promise<RoundWorker> | undefined
  /** What went wrong with a part of the log: nobody may have waited for that answer. */
  #obstacle: Error | undefined
  /** The model frame of the round that is being trained. */
  #model: Promise<Uint8Array> | undefined

  constructor(version: string, open: OpenForRun) {
    this.#version = version
    this.#open = open
  }

  /** Never throws: what goes wrong is in the answer. Call it in the order of the requests. */
  async answer(bytes: Uint8Array): Promise<Uint8Array> {
    try {
      const request = decodeData(bytes) as unknown as WorkerRequest
      return encodeData({ result: await this.#answer(request) })
    } catch (error) {
      return encodeData({ error: errorToData(error) })
    }
  }

  async close(): Promise<void> {
    const worker = await this.#opened?.catch(() => undefined)
    this.#opened = undefined
    await worker?.close().catch(() => undefined)
  }

  async #answer(request: WorkerRequest): Promise<unknown> {
    if (request.type === 'open') return this.#openTask(request.order)
    const { method, args } = request
    if (!isWorkerMethod(method) || !Array.isArray(args))
      throw new HisoError('WIRE_CORRUPT', { what: 'a worker was asked for something unknown' })
    if (this.#opened === undefined)
      throw new HisoError('WORKER_DIED', { what: 'the worker has not opened this run’s task' })
    return this.#call(this.#opened, method, args)
  }

  async #openTask({ version, config, files }: OpenOrder): Promise<RemoteReport> {
    if (version !== this.#version)
      throw new HisoError('BROKER_REFUSED', {
        what: `this worker has version ${this.#version} of the program, and the run ${version}`,
        remedy: 'Install the same version on both machines: another one may give other bits',
      })
    await this.close()
    this.#obstacle = undefined
    const opening = this.#open({ version, config: parseRunConfig(config), files })
    this.#opened = opening.then(({ worker }) => worker)
    this.#opened.catch(() => {})
    const { report } = await opening
    const { dim, fingerprints, environment } = report
    return { dim, fingerprints, environment }
  }

  /**
   * Makes the call without waiting for those before it: the worker answers in order itself. A
   * replica knows the model that it trains from, so none is sent.
   */
  #call(
    opened: Promise<RoundWorker>,
    method: keyof RoundWorker,
    args: readonly unknown[],
  ): Promise<unknown> {
    if (method === 'apply') {
      this.#model = undefined
      const applied = opened.then((worker) => askWorker(worker, method, args))
      applied.catch((error: Error) => (this.#obstacle ??= error))
      return applied
    }
    if (this.#obstacle !== undefined) return Promise.reject(this.#obstacle)
    if (method !== 'train') return opened.then((worker) => askWorker(worker, method, args))
    const [order] = args as [{ readonly client: number }]
    const model = (this.#model ??= opened.then((worker) => worker.model()))
    return opened.then(async (worker) => worker.train({ ...order, model: await model }))
  }
}

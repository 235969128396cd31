/**
 * W workers that answer as one: work is dealt to them, results come back in order, and a worker that dies is replaced by a new one,
 * brought up to date from the log. The bits never depend on W, because what is dealt are whole forward passes.
 */
import { HisoError } from '../base/index.ts'
import type { Evaluation } from '../model/index.ts'
import type { LossCall, LossOrder, RoundWorker } from './worker.ts'

/** Starts a worker at round 0. */
export type SpawnWorker = () => Promise<RoundWorker>

/** A worker that dies this often at one piece of work will not survive the next time. */
const maximumDeaths = 3

/** Held-out samples in one forward pass of an evaluation: constant, so that sums are formed alike for any number of workers. */
const evaluationChunk = 250

export class WorkerPool {
  readonly #spawn: SpawnWorker
  readonly #replay: () => Uint8Array
  readonly #onDeath: (worker: number) => void
  readonly #workers: Promise<RoundWorker>[]

  /**
   * @param replay all frames of the log so far, for workers that have to start anew
   * @param onDeath told when worker w (zero-based) died and is being replaced
   */
  constructor(
    spawn: SpawnWorker,
    count: number,
    replay: () => Uint8Array,
    onDeath: (worker: number) => void,
  ) {
    this.#spawn = spawn
    this.#replay = replay
    this.#onDeath = onDeath
    this.#workers = Array.from({ length: count }, () => this.#start())
  }

  get size(): number {
    return this.#workers.length
  }

  /** Waits until every worker has started. */
  async ready(): Promise<void> {
    await Promise.all(this.#workers)
  }

  /** Feeds log frames that the log already holds to every worker. */
  async apply(frames: Uint8Array): Promise<void> {
    await Promise.all(
      this.#workers.map(async (_, index) => {
        try {
          await (await this.#workers[index]!).apply(frames)
        } catch (error) {
          this.#replace(index, error)
          await this.#workers[index]
        }
      }),
    )
  }

  /** Shares the calls out. @returns the losses of all calls, in order */
  async losses(order: LossOrder): Promise<Float64Array> {
    const shares = deal(order.calls, this.size)
    const parts = await Promise.all(
      shares.map((calls, index) => {
        return calls.length === 0
          ? new Float64Array()
          : this.#ask(index, (worker) => worker.losses({ ...order, calls }))
      }),
    )
    const losses = new Float64Array(parts.reduce((sum, part) => sum + part.length, 0))
    let filled = 0
    for (const part of parts) {
      losses.set(part, filled)
      filled += part.length
    }
    return losses
  }

  /** Quality on the first `samples` held-out samples. */
  async evaluate(samples: number): Promise<Evaluation> {
    const parts: Promise<Evaluation>[] = []
    for (let from = 0; from < samples; from += evaluationChunk) {
      const to = Math.min(samples, from + evaluationChunk)
      parts.push(this.#ask(parts.length % this.size, (worker) => worker.evaluate(from, to)))
    }
    const results = await Promise.all(parts)
    return results.reduce((sum, part) => ({
      lossSum: sum.lossSum + part.lossSum,
      correct: sum.correct === undefined ? undefined : sum.correct + part.correct!,
      samples: sum.samples + part.samples,
    }))
  }

  /** Asks one worker, the first: all hold the same state. */
  first<Answer>(question: (worker: RoundWorker) => Promise<Answer>): Promise<Answer> {
    return this.#ask(0, question)
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#workers.map(async (worker) => (await worker).close()))
  }

  async #ask<Answer>(
    index: number,
    question: (worker: RoundWorker) => Promise<Answer>,
  ): Promise<Answer> {
    for (let deaths = 0; ; deaths++) {
      const worker = this.#workers[index]!
      try {
        return await question(await worker)
      } catch (error) {
        if (deaths === maximumDeaths) throw error
        if (this.#workers[index] === worker) this.#replace(index, error)
      }
    }
  }

  /** Replaces a worker that died; any other error is passed on. */
  #replace(index: number, error: unknown): void {
    if (!(error instanceof HisoError && error.code === 'WORKER_DIED')) throw error
    this.#onDeath(index)
    this.#workers[index] = this.#start()
  }

  async #start(): Promise<RoundWorker> {
    const worker = await this.#spawn()
    const frames = this.#replay()
    if (frames.length > 0) await worker.apply(frames)
    return worker
  }
}

/** Splits the calls into one run per worker, each with about the same number of clients' batches. */
function deal(calls: readonly LossCall[], workers: number): LossCall[][] {
  const total = calls.reduce((sum, { clients }) => sum + clients.length, 0)
  const shares: LossCall[][] = Array.from({ length: workers }, () => [])
  let before = 0
  for (const call of calls) {
    const middle = before + call.clients.length / 2
    shares[Math.min(workers - 1, Math.floor((middle / total) * workers))]!.push(call)
    before += call.clients.length
  }
  return shares
}

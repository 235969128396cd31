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

/** A place for a worker, and how much of the log the one that holds it has been sent. */
interface Slot {
  readonly worker: Promise<RoundWorker>
  seenBytes: number
}

export class WorkerPool {
  readonly #spawn: SpawnWorker
  readonly #frames: () => Uint8Array
  readonly #onDeath: (worker: number) => void
  readonly #slots: Slot[]

  /**
   * @param frames all frames of the log so far: a worker is asked nothing before it has caught up with them
   * @param onDeath told when worker w (zero-based) died and is being replaced
   */
  constructor(
    spawn: SpawnWorker,
    count: number,
    frames: () => Uint8Array,
    onDeath: (worker: number) => void,
  ) {
    this.#spawn = spawn
    this.#frames = frames
    this.#onDeath = onDeath
    this.#slots = Array.from({ length: count }, () => this.#start())
  }

  get size(): number {
    return this.#slots.length
  }

  /** Brings every worker to the end of the log. */
  async catchUp(): Promise<void> {
    await Promise.all(this.#slots.map((_, index) => this.#ask(index, () => Promise.resolve())))
  }

  /** Shares the calls out. @returns the losses of all calls, in order */
  async losses(order: LossOrder): Promise<Float64Array> {
    const shares = deal(order.calls, this.size)
    const parts = await Promise.all(
      shares.map(async (calls, index) =>
        calls.length === 0
          ? new Float64Array()
          : this.#ask(index, (worker) => worker.losses({ ...order, calls })),
      ),
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
    await Promise.allSettled(this.#slots.map(async (slot) => (await slot.worker).close()))
  }

  /** Asks a worker that has caught up; one that dies over it is replaced, and its successor asked. */
  async #ask<Answer>(
    index: number,
    question: (worker: RoundWorker) => Promise<Answer>,
  ): Promise<Answer> {
    for (let deaths = 0; ; deaths++) {
      const slot = this.#slots[index]!
      try {
        return await question(await this.#caughtUp(slot))
      } catch (error) {
        if (!(error instanceof HisoError && error.code === 'WORKER_DIED')) throw error
        if (deaths === maximumDeaths) throw error
        if (this.#slots[index] !== slot) continue
        this.#slots[index] = this.#start()
        this.#onDeath(index)
      }
    }
  }

  async #caughtUp(slot: Slot): Promise<RoundWorker> {
    const worker = await slot.worker
    const frames = this.#frames()
    if (slot.seenBytes === frames.length) return worker
    const missed = frames.slice(slot.seenBytes)
    slot.seenBytes = frames.length
    await worker.apply(missed)
    return worker
  }

  #start(): Slot {
    return { worker: this.#spawn(), seenBytes: 0 }
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

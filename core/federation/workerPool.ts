/**
 * W workers that act as one: the pool divides work among them and returns results in order. It
 * replaces a worker that dies by a new one, brought up to date from the log. The bits never depend
 * on W, because the units of work are whole forward passes, or whole trainings of a client.
 */
import { HisoError } from '../base/index.ts'
import { addEvaluations, type Evaluation, type SampleLosses } from '../model/index.ts'
import type { LossCall, LossOrder, RoundWorker, TrainedClient } from './worker.ts'

/** Starts a worker at round 0, in the slot of worker w. */
export type SpawnWorker = (worker: number) => Promise<RoundWorker>

/** A worker that dies this often at one piece of work will die again. */
const maximumDeaths = 3

/**
 * Shares of a step that a worker holds at a time: it computes one while the losses of the other are
 * in transit.
 */
const sharesAtOnce = 2

/**
 * Held-out samples in one forward pass of an evaluation: constant, so that sums have the same order
 * for any number of workers.
 */
const evaluationChunk = 250

/** A worker's slot, how much of the log its worker has received, and the outcome. */
interface Slot {
  readonly worker: Promise<RoundWorker>
  seenBytes: number
  applied: Promise<void>
}

export class WorkerPool {
  readonly #spawn: SpawnWorker
  readonly #frames: () => Uint8Array
  readonly #onDeath: (worker: number) => void
  readonly #isShared: boolean
  readonly #slots: Slot[]

  /**
   * @param frames all frames of the log so far: a worker gets no request before it has caught up
   *   with them
   * @param onDeath called when worker w (zero-based) has died and is being replaced
   * @param isShared whether the workers update one state together; then none gets a request before
   *   all have caught up
   */
  constructor(
    spawn: SpawnWorker,
    count: number,
    frames: () => Uint8Array,
    onDeath: (worker: number) => void,
    isShared = false,
  ) {
    this.#spawn = spawn
    this.#frames = frames
    this.#onDeath = onDeath
    this.#isShared = isShared
    this.#slots = Array.from({ length: count }, (_, index) => this.#start(index))
  }

  get size(): number {
    return this.#slots.length
  }

  /** Brings every worker to the end of the log. */
  async catchUp(): Promise<void> {
    await Promise.all(this.#slots.map((_, index) => this.#askAlone(index, () => Promise.resolve())))
  }

  /** Lets every worker catch up with the log while the caller continues. */
  async startCatchingUp(): Promise<void> {
    for (const slot of this.#slots) this.#sendLog(slot, await slot.worker)
  }

  /** Divides the calls among the workers. @returns the losses of all calls, in order */
  async losses(order: LossOrder): Promise<Float64Array> {
    const losses = new Float64Array(batchesOf(order.calls))
    await this.#shareCalls(order, async (worker, share, from) => {
      losses.set(await worker.losses(share), from)
    })
    return losses
  }

  /** Shares the calls out. @returns the samples' losses of all calls, in order */
  async sampleLosses(order: LossOrder): Promise<readonly SampleLosses[]> {
    const losses = new Array<SampleLosses>(batchesOf(order.calls))
    await this.#shareCalls(order, async (worker, share, from) => {
      for (const [index, batch] of (await worker.sampleLosses(share)).entries())
        losses[from + index] = batch
    })
    return losses
  }

  /** @param give asks a worker for its share, whose first loss has this index among all */
  #shareCalls(
    order: LossOrder,
    give: (worker: RoundWorker, share: LossOrder, from: number) => Promise<void>,
  ): Promise<void> {
    return this.#shareOut(
      sharesOf(order.calls, this.size),
      (worker, { calls, from }) => give(worker, { ...order, calls }, from),
      sharesAtOnce,
    )
  }

  /** Divides the clients among the workers. @returns the result of each, in order */
  async train(model: Uint8Array, clients: readonly number[]): Promise<TrainedClient[]> {
    const trained: TrainedClient[] = []
    await this.#shareOut(clients.entries(), async (worker, [index, client]) => {
      trained[index] = await worker.train({ model, client })
    })
    return trained
  }

  /** Quality on the first `samples` held-out samples. */
  async evaluate(samples: number): Promise<Evaluation> {
    const results: Evaluation[] = []
    const starts = Array.from(
      { length: Math.ceil(samples / evaluationChunk) },
      (_, index) => index * evaluationChunk,
    )
    await this.#shareOut(starts.values(), async (worker, from) => {
      const to = Math.min(samples, from + evaluationChunk)
      results[from / evaluationChunk] = await worker.evaluate(from, to)
    })
    return results.reduce(addEvaluations)
  }

  /** Asks the first worker: all hold the same state. */
  first<Answer>(question: (worker: RoundWorker) => Promise<Answer>): Promise<Answer> {
    return this.#ask(0, question)
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#slots.map(async (slot) => (await slot.worker).close()))
  }

  /**
   * Gives work to the worker with the least until none is left. @param atOnce pieces that a worker
   * holds at a time
   */
  async #shareOut<Work>(
    work: Iterable<Work>,
    give: (worker: RoundWorker, piece: Work) => Promise<void>,
    atOnce = 1,
  ): Promise<void> {
    const pieces = work[Symbol.iterator]()
    await Promise.all(
      Array.from({ length: atOnce * this.#slots.length }, async (_, place) => {
        const index = place % this.#slots.length
        for (let next = pieces.next(); next.done !== true; next = pieces.next()) {
          const piece = next.value
          await this.#ask(index, (worker) => give(worker, piece))
        }
      }),
    )
  }

  /** Asks a worker, once its state is at the end of the log. */
  async #ask<Answer>(
    index: number,
    question: (worker: RoundWorker) => Promise<Answer>,
  ): Promise<Answer> {
    if (this.#isShared) await this.catchUp()
    return this.#askAlone(index, question)
  }

  /**
   * Asks a worker, once it has caught up. If it dies meanwhile, replaces it and asks its successor.
   */
  async #askAlone<Answer>(
    index: number,
    question: (worker: RoundWorker) => Promise<Answer>,
  ): Promise<Answer> {
    for (let deaths = 0; ; deaths++) {
      const slot = this.#slots[index]!
      try {
        const worker = await slot.worker
        this.#sendLog(slot, worker)
        const [answer] = await Promise.all([question(worker), slot.applied])
        return answer
      } catch (error) {
        if (!(error instanceof HisoError && error.code === 'WORKER_DIED')) throw error
        if (deaths === maximumDeaths) throw error
        if (this.#slots[index] !== slot) continue
        this.#slots[index] = this.#start(index)
        this.#onDeath(index)
      }
    }
  }

  /**
   * Sends what the worker has missed. It answers in order, so any later request comes after that.
   */
  #sendLog(slot: Slot, worker: RoundWorker): void {
    const frames = this.#frames()
    if (slot.seenBytes === frames.length) return
    const missed = frames.slice(slot.seenBytes)
    slot.seenBytes = frames.length
    slot.applied = worker.apply(missed)
    // The next request reports the failure.
    slot.applied.catch(() => {})
  }

  #start(index: number): Slot {
    return { worker: this.#spawn(index), seenBytes: 0, applied: Promise.resolve() }
  }
}

/** A run of calls, and the index of its first loss among all. */
interface Share {
  readonly calls: readonly LossCall[]
  readonly from: number
}

/**
 * The calls in order, in shares that get smaller towards the end, so that workers finish together
 * whatever the speed of each core. Neighbouring calls stay together, as they concern the same
 * client or direction.
 */
function* sharesOf(calls: readonly LossCall[], workers: number): Generator<Share, void> {
  const total = batchesOf(calls)
  let from = 0
  let next = 0
  while (next < calls.length) {
    const wanted = workers === 1 ? total : (total - from) / (2 * workers)
    const first = next
    let batches = 0
    do batches += calls[next++]!.clients.length
    while (next < calls.length && batches + calls[next]!.clients.length / 2 <= wanted)
    yield { calls: calls.slice(first, next), from }
    from += batches
  }
}

function batchesOf(calls: readonly LossCall[]): number {
  return calls.reduce((sum, { clients }) => sum + clients.length, 0)
}

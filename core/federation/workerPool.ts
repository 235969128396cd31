/**
 * W workers that act as one: the pool divides work among them and returns results in order. It
 * replaces a worker of its own that dies, or loses its device, by a new one, brought up to date
 * from the log; guests, which work elsewhere, come and go. The bits never depend on who is there,
 * because the units of work are whole forward passes, or whole trainings of a client.
 */
import { HisoError, type ErrorCode } from '../base/index.ts'
import { addEvaluations, type Evaluation, type SampleLosses } from '../model/index.ts'
import { batchesOf, sharesOf } from './shares.ts'
import { Sharing, TakerLost, type Patience, type Taker } from './sharing.ts'
import type { LossOrder, RoundWorker, TrainedClient } from './worker.ts'

/**
 * Starts a worker at round 0, in the slot of worker w.
 * @param instead why the worker before it is gone
 */
export type SpawnWorker = (worker: number, instead?: HisoError) => Promise<RoundWorker>

/** A worker that fails so is replaced. */
const fatal: ReadonlySet<string> = new Set<ErrorCode>(['WORKER_DIED', 'PROVIDER_LOST'])

/** A worker that works elsewhere, at round 0. */
export interface Guest {
  readonly worker: RoundWorker
  /** Called with each piece of work that it has done. @param batches minibatches in it */
  onWorked?(batches: number): void
  /** Called once, when it has failed and gets no more work. */
  onLost(error: unknown): void
}

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

/** A worker, how much of the log it has received, and the outcome. */
interface Holder {
  readonly worker: Promise<RoundWorker>
  seenBytes: number
  applied: Promise<void>
}

interface Slot extends Taker {
  /** w; −1 for a guest. */
  readonly index: number
  readonly guest?: Guest
  holder: Holder
}

export class WorkerPool {
  #ownBatches = 0
  readonly #spawn: SpawnWorker
  readonly #frames: () => Uint8Array
  readonly #onDeath: (worker: number, error: HisoError) => void
  readonly #isShared: boolean
  readonly #patience: Patience | undefined
  /** Its own workers; the first knows everything that `first` may ask. */
  readonly #own: readonly Slot[]
  readonly #guests = new Set<Slot>()
  readonly #sharings = new Set<{ offer(slot: Slot): void }>()

  /**
   * @param frames all frames of the log so far: a worker gets no request before it has caught up
   *   with them
   * @param onDeath called when worker w (zero-based) is gone and is being replaced
   * @param isShared whether its own workers update one state together; then none gets a request
   *   before all have caught up
   * @param patience needed where guests may come: what a slow one holds is given to others too
   */
  constructor(
    spawn: SpawnWorker,
    count: number,
    frames: () => Uint8Array,
    onDeath: (worker: number, error: HisoError) => void,
    isShared = false,
    patience?: Patience,
  ) {
    this.#spawn = spawn
    this.#frames = frames
    this.#onDeath = onDeath
    this.#isShared = isShared
    this.#patience = patience
    this.#own = Array.from({ length: count }, (_, index) => ({
      index,
      late: 0,
      holder: this.#start(index),
    }))
  }

  /** Workers that are there, guests among them. */
  get size(): number {
    return this.#own.length + this.#guests.size
  }

  /** Minibatches that the workers of this machine have done. */
  get ownBatches(): number {
    return this.#ownBatches
  }

  /**
   * Brings a guest close to the end of the log and lets it work from then on, in a step that has
   * begun too. @throws whatever it fails with before that
   */
  async admit(guest: Guest): Promise<void> {
    let seenBytes = 0
    let before = Infinity
    for (;;) {
      const frames = this.#frames()
      const missed = frames.slice(seenBytes)
      // A log that grows while it is applied has no end to wait for: once no less is missing than
      // before, the rest goes along with the first piece of work.
      if (missed.length === 0 || missed.length >= before) break
      before = missed.length
      await guest.worker.apply(missed)
      seenBytes = frames.length
    }
    const worker = Promise.resolve(guest.worker)
    const slot = {
      index: -1,
      guest,
      late: 0,
      holder: { worker, seenBytes, applied: Promise.resolve() },
    }
    this.#guests.add(slot)
    for (const sharing of this.#sharings) sharing.offer(slot)
  }

  /** Lets a guest go. What it holds is given to others when it fails to answer. */
  dismiss(worker: RoundWorker): void {
    for (const slot of this.#guests) if (slot.guest?.worker === worker) this.#guests.delete(slot)
  }

  /** Brings every worker of its own to the end of the log. */
  async catchUp(): Promise<void> {
    await Promise.all(this.#own.map((slot) => this.#askOwn(slot, () => Promise.resolve())))
  }

  /** Lets every worker catch up with the log while the caller continues. */
  async startCatchingUp(): Promise<void> {
    for (const { holder } of this.#own) this.#sendLog(holder, await holder.worker)
    for (const { holder, guest, late } of this.#guests)
      if (late === 0) this.#sendLog(holder, guest!.worker)
  }

  /** Divides the calls among the workers. @returns the losses of all calls, in order */
  async losses(order: LossOrder): Promise<Float64Array> {
    const losses = new Float64Array(batchesOf(order.calls))
    await this.#shareCalls(
      order,
      (worker, share) => worker.losses(share),
      (answer, from) => losses.set(answer, from),
    )
    return losses
  }

  /** Shares the calls out. @returns the samples' losses of all calls, in order */
  async sampleLosses(order: LossOrder): Promise<readonly SampleLosses[]> {
    const losses = new Array<SampleLosses>(batchesOf(order.calls))
    await this.#shareCalls(
      order,
      (worker, share) => worker.sampleLosses(share),
      (answer, from) => {
        for (const [index, batch] of answer.entries()) losses[from + index] = batch
      },
    )
    return losses
  }

  /** @param accept gets an answer, and the index of its first loss among all */
  #shareCalls<Answer>(
    order: LossOrder,
    ask: (worker: RoundWorker, share: LossOrder) => Promise<Answer>,
    accept: (answer: Answer, from: number) => void,
  ): Promise<void> {
    return this.#shareOut(
      sharesOf(order.calls, this.size),
      (worker, { calls }) => ask(worker, { ...order, calls }),
      ({ from }, answer) => accept(answer, from),
      ({ calls }) => batchesOf(calls),
      sharesAtOnce,
    )
  }

  /** Divides the clients among the workers. @returns the result of each, in order */
  async train(model: Uint8Array, clients: readonly number[]): Promise<TrainedClient[]> {
    const trained: TrainedClient[] = []
    await this.#shareOut(
      clients.entries(),
      (worker, [, client]) => worker.train({ model, client }),
      ([index], answer) => (trained[index] = answer),
      () => 1,
    )
    return trained
  }

  /** Quality on the first `samples` held-out samples. */
  async evaluate(samples: number): Promise<Evaluation> {
    const results: Evaluation[] = []
    const starts = Array.from(
      { length: Math.ceil(samples / evaluationChunk) },
      (_, index) => index * evaluationChunk,
    )
    await this.#shareOut(
      starts.values(),
      (worker, from) => worker.evaluate(from, Math.min(samples, from + evaluationChunk)),
      (from, answer) => (results[from / evaluationChunk] = answer),
      () => 1,
    )
    return results.reduce(addEvaluations)
  }

  /** Asks its first worker: all hold the same state. */
  async first<Answer>(question: (worker: RoundWorker) => Promise<Answer>): Promise<Answer> {
    return this.#ask(this.#own[0]!, question)
  }

  async close(): Promise<void> {
    const workers = [...this.#own, ...this.#guests].map(({ holder }) => holder.worker)
    await Promise.allSettled(workers.map(async (worker) => (await worker).close()))
  }

  /** @param sizeOf minibatches in a piece of work */
  async #shareOut<Work, Answer>(
    work: Iterable<Work>,
    ask: (worker: RoundWorker, piece: Work) => Promise<Answer>,
    accept: (piece: Work, answer: Answer) => void,
    sizeOf: (piece: Work) => number,
    atOnce = 1,
  ): Promise<void> {
    // Guests first: what is large is better sent than what is small.
    const sharing = new Sharing<Slot, Work, Answer>(() => [...this.#guests, ...this.#own], {
      work,
      ask: async (slot, piece) => {
        const answer = await this.#ask(slot, (worker) => ask(worker, piece))
        if (slot.guest === undefined) this.#ownBatches += sizeOf(piece)
        else slot.guest.onWorked?.(sizeOf(piece))
        return answer
      },
      accept,
      atOnce,
      patience: this.#patience,
      onFree: (slot) => {
        if (slot.guest !== undefined && !this.#guests.has(slot)) return
        for (const other of this.#sharings) other.offer(slot)
      },
    })
    this.#sharings.add(sharing)
    try {
      sharing.start()
      await sharing.done
    } finally {
      this.#sharings.delete(sharing)
    }
  }

  /** Asks a worker, once its state is at the end of the log. */
  async #ask<Answer>(
    slot: Slot,
    question: (worker: RoundWorker) => Promise<Answer>,
  ): Promise<Answer> {
    if (slot.guest !== undefined) return this.#askGuest(slot, slot.guest, question)
    if (this.#isShared) await this.catchUp()
    return this.#askOwn(slot, question)
  }

  /** @throws TakerLost for whatever it fails with: its work is given to others */
  async #askGuest<Answer>(
    slot: Slot,
    guest: Guest,
    question: (worker: RoundWorker) => Promise<Answer>,
  ): Promise<Answer> {
    try {
      if (!this.#guests.has(slot)) throw new TakerLost()
      const { holder } = slot
      this.#sendLog(holder, guest.worker)
      const [answer] = await Promise.all([question(guest.worker), holder.applied])
      return answer
    } catch (error) {
      if (this.#guests.delete(slot)) guest.onLost(error)
      throw new TakerLost()
    }
  }

  /**
   * Asks a worker of its own, once it has caught up. If it dies meanwhile, replaces it and asks its
   * successor.
   */
  async #askOwn<Answer>(
    slot: Slot,
    question: (worker: RoundWorker) => Promise<Answer>,
  ): Promise<Answer> {
    for (let deaths = 0; ; deaths++) {
      const { holder } = slot
      try {
        const worker = await holder.worker
        this.#sendLog(holder, worker)
        const [answer] = await Promise.all([question(worker), holder.applied])
        return answer
      } catch (error) {
        if (!(error instanceof HisoError && fatal.has(error.code))) throw error
        if (deaths === maximumDeaths) throw error
        if (slot.holder !== holder) continue
        // A dead one refuses; one without its device frees what it still holds.
        void holder.worker.then((worker) => worker.close()).catch(() => {})
        slot.holder = this.#start(slot.index, error)
        this.#onDeath(slot.index, error)
      }
    }
  }

  /**
   * Sends what the worker has missed. It answers in order, so any later request comes after that.
   */
  #sendLog(holder: Holder, worker: RoundWorker): void {
    const frames = this.#frames()
    if (holder.seenBytes === frames.length) return
    const missed = frames.slice(holder.seenBytes)
    holder.seenBytes = frames.length
    holder.applied = worker.apply(missed)
    // The next request reports the failure.
    holder.applied.catch(() => {})
  }

  #start(index: number, instead?: HisoError): Holder {
    return { worker: this.#spawn(index, instead), seenBytes: 0, applied: Promise.resolve() }
  }
}

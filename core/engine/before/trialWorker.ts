/**
 * A worker that plays as much of a round as time allows and makes up the rest, so that the cost of
 * a round is known within seconds even if a round takes hours. Frames have their full lengths;
 * made-up losses are those of another probe.
 */
import {
  lossCount,
  lossesOf,
  type CurvatureOrder,
  type LossOrder,
  type RoundWorker,
  type TrainedClient,
  type TrainOrder,
} from '../../federation/index.ts'
import type { SampleLosses } from '../../model/index.ts'
import { decode, decodeFrames, encode, type ReplicaState } from '../../wire/index.ts'

/**
 * Calls that differ in time: at x_r; the first of a client that has moved away, whose parameters
 * are rebuilt for it; its others.
 */
type PaceName = 'common' | 'rebuilt' | 'own'

/**
 * However long they take: of two the quicker counts, so that neither warming up nor a moment's
 * pause is taken for the usual pace.
 */
const leastPlayed = 2

export interface TrialOptions {
  /** Milliseconds on any clock. */
  readonly now: () => number
  /** How long it plays before it makes up the rest. */
  readonly budgetMs: number
  /** Local steps of the run for each that a d-dimensional method's worker takes. */
  readonly stepsPerStep: number
}

export class TrialWorker implements RoundWorker {
  readonly #worker: RoundWorker
  readonly #options: TrialOptions
  /** Milliseconds of each minibatch that was played. */
  readonly #paces: Record<PaceName, number[]> = { common: [], rebuilt: [], own: [] }
  #isWhole = false
  #isShortened = false
  #playedMs = 0
  /** The time of the round so far, as if all of it had been played at its usual pace. */
  #roundMs = 0
  readonly #standIn: { loss?: number } = {}
  readonly #standInSamples: { loss?: SampleLosses } = {}
  #trained: TrainedClient | undefined
  #applied: Promise<void> = Promise.resolve()

  constructor(worker: RoundWorker, options: TrialOptions) {
    this.#worker = worker
    this.#options = options
  }

  /** Whether anything was made up because the time was over. */
  get isShortened(): boolean {
    return this.#isShortened
  }

  /** The time that the worker's part of a shortened round would have taken. */
  get roundMs(): number {
    return this.#roundMs
  }

  /** From now on nothing is made up: a first round has shown that there is time for all. */
  playWhole(): void {
    this.#isWhole = true
    this.#roundMs = 0
  }

  async losses(order: LossOrder): Promise<Float64Array> {
    const ask = async (part: LossOrder) => [...(await this.#worker.losses(part))]
    return Float64Array.from(await this.#measure(order, ask, this.#standIn))
  }

  sampleLosses(order: LossOrder): Promise<readonly SampleLosses[]> {
    return this.#measure(order, (part) => this.#worker.sampleLosses(part), this.#standInSamples)
  }

  async curvature(order: CurvatureOrder): Promise<Float64Array | undefined> {
    await this.#applied
    return this.#worker.curvature(order)
  }

  /** @param standIn takes what was played last, and is it for what is made up */
  async #measure<Loss>(
    order: LossOrder,
    ask: (order: LossOrder) => Promise<readonly Loss[]>,
    standIn: { loss?: Loss },
  ): Promise<readonly Loss[]> {
    await this.#applied
    if (this.#isWhole) return ask(order)
    const losses: Loss[] = []
    let clients = 0
    let client = -1
    const batches = new Map<readonly number[], number>()
    for (const call of order.calls) {
      const isFirst = call.clients[0] !== client
      if (isFirst) clients++
      client = call.clients[0]!
      const pace = this.#paces[order.localStep === 0 ? 'common' : isFirst ? 'rebuilt' : 'own']
      if (this.#hasTime || pace.length < leastPlayed) {
        // At later steps each client's calls stand together, in the order of the replies.
        const replies = order.localStep === 0 ? [] : order.replies.slice(clients - 1, clients)
        const one = { ...order, replies, calls: [call] }
        const [played, ms] = await this.#timed(() => ask(one))
        pace.push(ms / played.length)
        losses.push(...played)
        standIn.loss = played[0]!
      } else {
        losses.push(...Array.from(lossesOf(call), () => standIn.loss!))
        this.#isShortened = true
      }
      batches.set(pace, (batches.get(pace) ?? 0) + lossCount(call))
    }
    for (const [pace, count] of batches) this.#roundMs += usual(pace) * count
    return losses
  }

  /** Of a shortened round's entry one local step: what the others take follows from it. */
  apply(frames: Uint8Array): Promise<void> {
    this.#applied = this.#applied.then(async () => {
      if (!this.#isShortened) return this.#worker.apply(frames)
      for (const message of decodeFrames(frames)) {
        const steps = message.type === 'entry' ? message.localSteps : 1
        const frame =
          message.type === 'entry' && steps > 1
            ? encode({
                ...message,
                localSteps: 1,
                aggregates: message.aggregates.subarray(0, message.scalarsPerStep),
              })
            : encode(message)
        const [, ms] = await this.#timed(() => this.#worker.apply(frame))
        this.#roundMs += steps * ms
      }
    })
    return this.#applied
  }

  async train(order: TrainOrder): Promise<TrainedClient> {
    await this.#applied
    const pace = this.#paces.own
    const isPlayed = this.#trained === undefined || this.#hasTime
    if (isPlayed) {
      const [trained, ms] = await this.#timed(() => this.#worker.train(order))
      pace.push(ms)
      this.#trained = trained
    } else this.#isShortened = true
    this.#roundMs += usual(pace) * this.#options.stepsPerStep
    return isPlayed ? this.#trained! : inTheNameOf(this.#trained!, order.client)
  }

  get #hasTime(): boolean {
    return this.#isWhole || this.#playedMs < this.#options.budgetMs
  }

  async #timed<Answer>(work: () => Promise<Answer>): Promise<readonly [Answer, number]> {
    const started = this.#options.now()
    const answer = await work()
    const ms = this.#options.now() - started
    this.#playedMs += ms
    return [answer, ms]
  }

  model = () => this.#worker.model()
  evaluate = (from: number, to: number) => this.#worker.evaluate(from, to)
  stateHash = () => this.#worker.stateHash()
  params = () => this.#worker.params()
  hessian = () => this.#worker.hessian()
  snapshot = () => this.#worker.snapshot()
  adopt = (state: ReplicaState) => this.#worker.adopt(state)
  close = () => this.#worker.close()
}

function inTheNameOf(trained: TrainedClient, client: number): TrainedClient {
  const { message } = decode(trained.update)
  if (message.type !== 'update') throw new Error('a worker wrote another message than an update')
  return { ...trained, update: encode({ ...message, client }) }
}

/** The median, of two the smaller. */
function usual(pace: readonly number[]): number {
  return [...pace].sort((a, b) => a - b)[(pace.length - 1) >> 1]!
}

/**
 * The d-dimensional exchange: the model goes down to every participant, and the change made by its
 * training comes up. There is no catch-up, because every participant receives everything.
 */
import type { FederationSettings, RunConfig, VectorSettings } from '../config/index.ts'
import {
  changePlan,
  createMethod,
  unpack,
  type MethodPlan,
  type VectorMethod,
} from '../methods/index.ts'
import { RandomStream } from '../random/index.ts'
import {
  decode,
  encode,
  modelFrameBytes,
  updateFrameBytes,
  vectorPaperBytes,
  type Change,
  type Update,
  type VectorEntry,
} from '../wire/index.ts'
import { createAggregator, type Aggregator } from './aggregation/index.ts'
import { Attackers } from './attack/index.ts'
import { checkFinite } from './divergence.ts'
import type { RoundCall, Exchange, FrameLengths, Gathered, RoundWork } from './exchange.ts'
import type { WorkerPool } from './workerPool.ts'

export class VectorExchange implements Exchange {
  readonly answerType = 'update'
  readonly catchesUp = false
  readonly #federation: FederationSettings
  readonly #seed: number
  readonly #aggregator: Aggregator
  readonly #attackers: Attackers
  /**
   * Whether the server's control variate changes by the mean of the clients' changes; the log then
   * need not hold it.
   */
  readonly #keepsMean: boolean
  /** The true changes of the attackers' control variates in the round gathered last. */
  readonly #ownChanges = new Map<number, Float32Array>()
  #plan: MethodPlan<VectorSettings>
  #method: VectorMethod
  /** d, known from the first model or entry on. */
  #dim = 0

  constructor(
    { federation, seed }: Pick<RunConfig, 'federation' | 'seed'>,
    settings: VectorSettings,
  ) {
    this.#federation = federation
    this.#seed = seed
    this.#aggregator = createAggregator(federation.aggregator)
    this.#attackers = new Attackers(federation, seed)
    this.#keepsMean = federation.aggregator.kind === 'mean' && federation.attack.kind === 'none'
    this.#plan = { settings, rounds: federation.rounds }
    this.#method = createMethod(settings, federation.rounds)
  }

  get method(): VectorMethod {
    return this.#method
  }

  change(change: Change): void {
    this.#plan = changePlan(this.#plan, change)
    this.#method = createMethod(this.#plan.settings, this.#plan.rounds)
  }

  /** A replica writes the frame: the server keeps no model of its own. */
  async openingFrame(_round: number, pool: WorkerPool): Promise<Uint8Array> {
    const model = await pool.first((worker) => worker.model())
    if (this.#dim === 0) this.#dim = dimOf(model)
    return model
  }

  async gather({ round, answering, opening }: RoundCall, pool: WorkerPool): Promise<Gathered> {
    const clients = [...answering]
    const trained = await pool.train(opening, clients)
    let lossSum = 0
    let forwardPasses = 0
    for (const [index, it] of trained.entries()) {
      checkFinite(it.losses, this.#method, round, clients[index]!)
      lossSum += it.losses[0]!
      forwardPasses += it.forwardPasses
    }
    return {
      replies: this.#forge(
        round,
        clients,
        trained.map(({ update }) => update),
      ),
      trainLoss: clients.length === 0 ? undefined : lossSum / clients.length,
      forwardPasses,
    }
  }

  entry(round: number, updates: readonly Update[]): VectorEntry {
    const dim = this.#dim
    const type = 'vectorEntry'
    const none = new Float32Array()
    if (updates.length === 0)
      return { type, round, dim, aggregate: none, clientVectors: [], control: none }
    const sent = (part: number) => updates.map(({ vectors }) => unpack(vectors[part]!))
    const aggregate = this.#aggregator.aggregate(sent(0))
    if (!this.#method.drift.controls)
      return { type, round, dim, aggregate, clientVectors: [], control: none }
    const changes = sent(1)
    const clientVectors = updates.map(({ client }, index) => ({
      client,
      vector: this.#ownChanges.get(client) ?? changes[index]!,
    }))
    const control = this.#keepsMean ? none : this.#aggregator.aggregate(changes)
    return { type, round, dim, aggregate, clientVectors, control }
  }

  lengthsOf({ round, dim }: VectorEntry): FrameLengths {
    this.#dim = dim
    return {
      opening: modelFrameBytes(round, this.#method.vectors, dim),
      reply: (client) => this.#updateBytes(round, client),
    }
  }

  workOf(round: number): RoundWork {
    const { gradient } = this.#method
    const { localSteps } = this.#federation
    return {
      passes: gradient.passes(true) + (localSteps - 1) * gradient.passes(false),
      replyBytes: (client) => this.#updateBytes(round, client),
    }
  }

  #updateBytes(round: number, client: number): number {
    const { vectors, compression } = this.#method
    const dim = this.#dim
    const shape = { encoding: compression.encoding, dim, kept: compression.kept(dim) }
    return updateFrameBytes(round, client, vectors, shape)
  }

  /**
   * Attackers train like all others, then replace Δ and the change of their control variate, packed
   * like any other. They keep the true change for themselves.
   */
  #forge(round: number, clients: readonly number[], frames: readonly Uint8Array[]) {
    if (this.#federation.attack.kind === 'none') return frames
    const updates = frames.map(decodeUpdate)
    const parts = Array.from({ length: this.#method.vectors }, (_, part) => {
      const honest = updates.map(({ vectors }) => unpack(vectors[part]!))
      return { honest, sent: this.#attackers.forge(round, clients, honest, part) }
    })
    this.#ownChanges.clear()
    return frames.map((frame, index) => {
      if (parts.every(({ honest, sent }) => sent[index] === honest[index])) return frame
      const update = updates[index]!
      const { client } = update
      const ownChange = parts[1]?.honest[index]
      if (ownChange !== undefined) this.#ownChanges.set(client, ownChange)
      const vectors = parts.map(({ sent }, part) => {
        // Addresses 0 and 1 are those of honest vectors.
        const stream = new RandomStream(this.#seed, 'compression', round, client, 2 + part)
        return this.#method.compression.pack(sent[index]!, stream)
      })
      return encode({ ...update, vectors })
    })
  }

  paperBytes(_round: number, participants: number): number {
    return vectorPaperBytes(participants, this.#method.vectors * this.#dim)
  }
}

function decodeUpdate(frame: Uint8Array): Update {
  const { message } = decode(frame)
  if (message.type !== 'update') throw new Error('a worker wrote another message than an update')
  return message
}

function dimOf(model: Uint8Array): number {
  const { message } = decode(model)
  if (message.type !== 'model') throw new Error('a worker wrote another message than a model')
  return message.vectors[0]!.length
}

/**
 * The scalar-only exchange: a seed goes down, and gradient scalars along the directions that
 * everybody draws from it come up. Nothing in it has a size that depends on d.
 */
import type { FederationSettings, RunConfig, ScalarSettings } from '../config/index.ts'
import {
  changePlan,
  createMethod,
  type MethodPlan,
  type Probe,
  type ScalarMethod,
} from '../methods/index.ts'
import {
  encode,
  paperBytes,
  varintBytes,
  type Change,
  type Entry,
  type Reply,
} from '../wire/index.ts'
import { createAggregator, type Aggregator } from './aggregation/index.ts'
import { checkFinite } from './divergence.ts'
import type {
  RoundCall,
  Exchange,
  FrameLengths,
  Gathered,
  PassSize,
  RoundWork,
} from './exchange.ts'
import { measureStep } from './measureStep.ts'
import { roundSeedOf } from './participation.ts'
import { PrivacyBudget } from './privacy/index.ts'
import { Uplink, type PrivacyNoise } from './uplink.ts'
import type { LossCall } from './worker.ts'
import type { WorkerPool } from './workerPool.ts'

export class ScalarExchange implements Exchange {
  readonly answerType = 'reply'
  readonly catchesUp = true
  readonly privacyBudget?: PrivacyBudget
  readonly #federation: FederationSettings
  readonly #seed: number
  readonly #uplink: Uplink
  readonly #aggregator: Aggregator
  #plan: MethodPlan<ScalarSettings>
  #method: ScalarMethod

  constructor(
    config: Pick<RunConfig, 'federation' | 'seed'>,
    settings: ScalarSettings,
    noise?: PrivacyNoise,
  ) {
    const { federation, seed } = config
    const { privacy } = settings
    this.#federation = federation
    this.#seed = seed
    this.#uplink = new Uplink(config, settings, noise)
    this.#aggregator = createAggregator(federation.aggregator)
    if (privacy.kind === 'gaussian')
      this.privacyBudget = new PrivacyBudget(
        federation.clients,
        privacy.noiseMultiplier,
        privacy.delta,
      )
    this.#plan = { settings, rounds: federation.rounds }
    this.#method = createMethod(settings, federation.rounds)
  }

  get method(): ScalarMethod {
    return this.#method
  }

  change(change: Change): void {
    this.#plan = changePlan(this.#plan, change)
    this.#method = createMethod(this.#plan.settings, this.#plan.rounds)
  }

  openingFrame(round: number): Promise<Uint8Array> {
    return Promise.resolve(this.#assignment(round))
  }

  async gather(
    { round, answering, opening }: RoundCall,
    pool: WorkerPool,
    size: PassSize,
  ): Promise<Gathered> {
    const { localSteps } = this.#federation
    const method = this.#method
    const perturbations = method.perturbations(round)
    const estimator = method.estimator(round)
    const scalarsPerStep = perturbations * estimator.scalarsPerDirection
    const rate = method.learningRate(round)
    const probes = estimator.probes(perturbations)
    const clients = [...answering]
    const scalars = clients.map(() => new Float32Array(localSteps * scalarsPerStep))
    // What a client has measured so far it knows exactly, whatever of it leaves later.
    const measuredFrames = (steps: number) =>
      clients.map((client, index) =>
        encode({
          type: 'reply',
          round,
          client,
          scalarsPerStep,
          scalars: scalars[index]!.subarray(0, steps * scalarsPerStep),
        }),
      )
    let trainLoss: number | undefined
    let forwardPasses = 0

    for (let localStep = 0; clients.length > 0 && localStep < localSteps; localStep++) {
      const measured = localStep === 0 ? withBase(probes) : probes
      const calls =
        localStep === 0 ? groupCalls(clients, measured, size) : soloCalls(clients, measured, size)
      const replies = localStep === 0 ? [] : measuredFrames(localStep)
      const order = { assignment: opening, localStep, calls, replies }
      const step = await measureStep(pool, order, method, estimator, perturbations)
      forwardPasses += step.forwardPasses
      const all = clients.map(step.of)
      if (localStep === 0) trainLoss = meanOf(all.map(({ base }) => base!))
      for (const [index, { losses, curvature }] of all.entries()) {
        checkFinite(losses, method, round, clients[index]!)
        const own = estimator.scalars(losses, perturbations, method.mu)
        const gradient = own.subarray(0, perturbations)
        own.set(method.step.scalars(gradient, curvature, rate / perturbations))
        scalars[index]!.set(own, localStep * scalarsPerStep)
      }
    }
    const replies = this.#uplink.frames(round, clients, scalarsPerStep, scalars)
    return { replies, trainLoss, forwardPasses }
  }

  entry(round: number, replies: readonly Reply[]): Entry {
    const [first] = replies
    if (first === undefined)
      return {
        type: 'entry',
        round,
        localSteps: 0,
        seed: 0,
        scalarsPerStep: 1,
        aggregates: new Float32Array(),
      }
    return {
      type: 'entry',
      round,
      localSteps: this.#federation.localSteps,
      seed: this.#roundSeed(round),
      scalarsPerStep: first.scalarsPerStep,
      aggregates: this.#aggregator.aggregate(replies.map(({ scalars }) => scalars)),
      precision: this.#plan.settings.aggregatePrecision,
    }
  }

  lengthsOf({ round, scalarsPerStep }: Entry): FrameLengths {
    const scalars = new Float32Array(this.#federation.localSteps * scalarsPerStep)
    return {
      opening: this.#assignment(round).length,
      reply: (client) => this.#uplink.frame(round, client, scalarsPerStep, scalars).length,
    }
  }

  workOf(round: number): RoundWork {
    const { localSteps } = this.#federation
    const estimator = this.#method.estimator(round)
    const perturbations = this.#method.perturbations(round)
    const probes = estimator.probes(perturbations)
    const scalarsPerStep = perturbations * estimator.scalarsPerDirection
    const scalars = new Float32Array(localSteps * scalarsPerStep)
    // Frames differ by the bytes that their clients' numbers take.
    const lengths: number[] = []
    return {
      passes: withBase(probes).length + (localSteps - 1) * probes.length,
      replyBytes: (client) => {
        const width = varintBytes(client)
        return (lengths[width] ??= this.#uplink.frame(
          round,
          client,
          scalarsPerStep,
          scalars,
        ).length)
      },
    }
  }

  paperBytes(round: number, participants: number): number {
    const { localSteps } = this.#federation
    const method = this.#method
    const scalarsPerStep = method.perturbations(round) * method.estimator(round).scalarsPerDirection
    return paperBytes(participants, localSteps, scalarsPerStep)
  }

  #assignment(round: number): Uint8Array {
    const { localSteps } = this.#federation
    return encode({ type: 'assignment', round, localSteps, seed: this.#roundSeed(round) })
  }

  #roundSeed(round: number): number {
    return roundSeedOf(this.#plan.settings, this.#seed, round)
  }
}

/**
 * At the first local step all clients are at x_r: one forward pass serves a whole group of clients.
 */
function groupCalls(
  clients: readonly number[],
  probes: readonly Probe[],
  { batchesPerCall, pointsPerCall }: PassSize,
): LossCall[] {
  const groups: number[][] = []
  for (let from = 0; from < clients.length; from += batchesPerCall)
    groups.push(clients.slice(from, from + batchesPerCall))
  return evenChunks(probes, pointsPerCall).flatMap((together) =>
    groups.map((group) => ({ clients: group, probes: together })),
  )
}

/** Later each client is at another point. */
function soloCalls(
  clients: readonly number[],
  probes: readonly Probe[],
  { pointsPerCall }: PassSize,
): LossCall[] {
  const together = evenChunks(probes, pointsPerCall)
  return clients.flatMap((client) => together.map((own) => ({ clients: [client], probes: own })))
}

/** The list in order, in chunks that are as equal as whole numbers allow. */
function evenChunks<Item>(list: readonly Item[], most = 1): Item[][] {
  const chunks = Math.ceil(list.length / most)
  return Array.from({ length: chunks }, (_, index) =>
    list.slice(
      Math.floor((index * list.length) / chunks),
      Math.floor(((index + 1) * list.length) / chunks),
    ),
  )
}

/**
 * The probes, and the base loss for the reported train loss if the estimator does not measure it.
 */
function withBase(probes: readonly Probe[]): readonly Probe[] {
  return probes.some(({ side }) => side === 'base') ? probes : [{ side: 'base' }, ...probes]
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

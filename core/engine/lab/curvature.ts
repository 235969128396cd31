/**
 * The Hessian lab for a stored run: rebuilds its states at chosen rounds from the log and examines
 * each.
 */
import { HisoError } from '../../base/index.ts'
import { defaultEstimate, type RunConfig } from '../../config/index.ts'
import {
  examinationCost,
  examine,
  gradientCost,
  productCost,
  type Examination,
  type ExaminationSettings,
  spreadOf,
  type LossSurface,
  type Spread,
} from '../../curvature/index.ts'
import { Replica, type AnyReplica } from '../../federation/index.ts'
import { readStoredModel } from '../../runs/index.ts'
import type { LogMessage } from '../../wire/index.ts'
import { checkFingerprints } from '../checkFingerprints.ts'
import { readForeign } from '../readForeign.ts'
import type { EngineHost } from '../engineHost.ts'
import { statesOf } from '../after/history.ts'
import { taskOf } from '../../tasks/index.ts'

export interface CurvatureSettings {
  /** Rounds completed: 0 is the initial model, `last` the end of the log. */
  readonly rounds: readonly (number | 'last')[]
  /**
   * Random probes for the true diagonal, or every coordinate by itself; auto: the latter for at
   * most 10,000 parameters.
   */
  readonly probes: number | 'exact' | 'auto'
  /** Training samples over which the loss is averaged. */
  readonly samples: number
}

export const curvatureDefaults: CurvatureSettings = {
  rounds: ['last'],
  probes: 'auto',
  samples: 512,
}

export interface CurvatureReport {
  readonly folder: string
  /** The run's name in its config. */
  readonly name: string
  /** d */
  readonly dim: number
  /** Undefined for a formula. */
  readonly samples: number | undefined
  readonly probes: ExaminationSettings['probes']
  readonly rounds: readonly CurvatureAtRound[]
  /** False if it was cancelled before the last round. */
  readonly isComplete: boolean
}

export interface CurvatureAtRound extends Examination {
  /** Rounds completed. */
  readonly round: number
  /** P and μ of the next round; the usual ones if the method has true gradients. */
  readonly perturbations: number
  readonly mu: number
  /**
   * The spread of an H that the same scalars give along other directions: the effect of noise
   * alone. If the learned H is spread no further, it holds nothing about single parameters.
   */
  readonly noise: Spread
}

/** The work that one round needs. */
export interface CurvatureWork {
  /** Rounds completed. */
  readonly round: number
  /** Forward passes over all samples, everything counted by what it costs. */
  readonly passes: number
  /** Undefined for a formula. */
  readonly samples: number | undefined
}

/** The caller: receives the progress, and may cancel. */
export interface CurvatureWatch {
  /** Called before a round is examined. */
  began?(work: CurvatureWork): void
  /** @param share 0 to 1 */
  progressed(share: number): void
  isCancelled(): boolean
}

/**
 * Up to this many parameters each is examined by itself; beyond that it would take too long, and
 * random probes report their error.
 */
const exactUpTo = 10_000
const autoProbes = 400
const spectrumSteps = 40
/** The largest basis of the spectrum; with more parameters fewer steps are taken. */
const basisBytes = 512 * 2 ** 20
const anglePerturbations = 64
const angleRepeats = 2
/** How long the thread may be kept from other work. */
const breathMs = 25

/**
 * @throws HisoError RUN_…, DATA_…, MODEL_…; RUN_CHANGED when data or model are not the run's;
 *   CONFIG_INVALID for a round that the run does not have
 */
export async function examineCurvature(
  host: EngineHost,
  folder: string,
  settings: CurvatureSettings,
  watch: CurvatureWatch,
): Promise<CurvatureReport> {
  const run = await readStoredModel(host, folder)
  const wanted = roundsOf(settings.rounds, run.log.rounds)
  checkCounts(settings)
  await readForeign(host, run.config)
  const opened = await taskOf(run.config.task).surface(run.config, settings.samples, host)
  try {
    checkFingerprints(run.record, opened.fingerprints, folder)
    const { dim, closedDiagonal } = opened.surface
    const probes = settings.probes === 'auto' ? autoProbesFor(dim) : settings.probes
    const steps = Math.min(spectrumSteps, Math.max(8, Math.floor(basisBytes / (8 * dim))))
    const settingsAt = (replica: AnyReplica): ExaminationSettings => {
      const { perturbations, learningRate, ...angles } = estimateAt(replica, run.config)
      return {
        probes,
        spectrumSteps: steps,
        perturbations,
        learningRate,
        angles: { perturbations: anglePerturbations, repeats: angleRepeats, ...angles },
        seed: run.config.seed,
      }
    }
    const meter = new Meter(host, watch, wanted.length)
    const surface = meter.around(opened.surface)
    const rounds: CurvatureAtRound[] = []
    try {
      const others = statesOf(host, run, new Float32Array(dim), otherDirections)
      for await (const replica of statesOf(host, run, opened.initialParams)) {
        const other = (await others.next()).value as AnyReplica
        if (!wanted.includes(replica.rounds)) continue
        const at = settingsAt(replica)
        const passes = examinationCost(surface, at)
        watch.began?.({ round: replica.rounds, passes, samples: opened.samples })
        meter.begin(rounds.length, passes)
        const found = await examine(surface, replica.params, scaleOf(replica), opened.tensors, at)
        const { perturbations, angles } = at
        rounds.push({
          ...found,
          round: replica.rounds,
          perturbations,
          mu: angles.mu,
          noise: spreadOf(scaleOf(other)),
        })
        if (rounds.length === wanted.length) break
      }
    } catch (error) {
      if (!(error instanceof Cancelled)) throw error
    }
    return {
      folder,
      name: run.config.name,
      dim,
      samples: opened.samples,
      probes: closedDiagonal === undefined ? probes : 'exact',
      rounds,
      isComplete: rounds.length === wanted.length,
    }
  } finally {
    await opened.release()
  }
}

/**
 * An entry with a seed that was never drawn: directions along which the scalars were not measured.
 */
function otherDirections(message: LogMessage): LogMessage {
  if (message.type !== 'entry') return message
  return { ...message, seed: (message.seed ^ 0x5bd1e995) >>> 0 }
}

/**
 * H as a scale of directions. A mask is none: it is examined as the H = 1 of the parameters that it
 * leaves.
 */
function scaleOf(replica: AnyReplica): Float32Array {
  const isMask = replica instanceof Replica && replica.method.curvature.hessian === 'mask'
  return isMask ? replica.hessian.map(() => 1) : replica.hessian
}

/**
 * How the run itself would estimate a gradient in its next round; a method with true gradients is
 * lent the usual way.
 */
function estimateAt(
  replica: AnyReplica,
  { method }: RunConfig,
): {
  readonly perturbations: number
  readonly learningRate: number
  readonly mu: number
  readonly estimator: 'forward' | 'central'
} {
  const { learningRate } = method
  if (!('estimator' in method)) return { ...defaultEstimate, learningRate }
  const { estimator } = method
  if (!(replica instanceof Replica))
    return { perturbations: method.perturbations, learningRate, mu: method.mu, estimator }
  return {
    learningRate: replica.method.learningRate(replica.rounds),
    perturbations: replica.method.perturbations(replica.rounds),
    mu: replica.method.mu,
    estimator,
  }
}

function autoProbesFor(dim: number): number | 'exact' {
  return dim <= exactUpTo ? 'exact' : autoProbes
}

/** Ascending, each once. */
function roundsOf(asked: CurvatureSettings['rounds'], played: number): number[] {
  const rounds = asked.map((round) => (round === 'last' ? played : round))
  const missing = rounds.find(
    (round) => !(Number.isInteger(round) && round >= 0 && round <= played),
  )
  if (missing !== undefined)
    throw new HisoError('CONFIG_INVALID', {
      where: 'rounds',
      what: `there is no state after round ${missing}: the run holds ${played}`,
      remedy: `Choose from 0 (the initial model) to ${played} (last)`,
    })
  return [...new Set(rounds)].sort((a, b) => a - b)
}

function checkCounts({ probes, samples }: CurvatureSettings): void {
  if (typeof probes === 'number' && !(Number.isInteger(probes) && probes >= 2))
    throw new HisoError('CONFIG_INVALID', {
      where: 'probes',
      what: `${probes} is not a number of probes`,
      remedy:
        'Choose an integer from 2, which is the least that an error can be told from, or exact',
    })
  if (!(Number.isInteger(samples) && samples >= 1))
    throw new HisoError('CONFIG_INVALID', {
      where: 'samples',
      what: `${samples} is not a number of samples`,
      remedy: 'Choose an integer from 1',
    })
}

class Cancelled extends Error {}

/** Counts what is computed, reports the progress, and yields to others. */
class Meter {
  readonly #host: EngineHost
  readonly #watch: CurvatureWatch
  readonly #examinations: number
  #before = 0
  #cost = 1
  #done = 0
  #breathedAt: number

  constructor(host: EngineHost, watch: CurvatureWatch, examinations: number) {
    this.#host = host
    this.#watch = watch
    this.#examinations = examinations
    this.#breathedAt = host.now()
  }

  begin(index: number, cost: number): void {
    this.#before = index
    this.#cost = cost
    this.#done = 0
    this.#watch.progressed(index / this.#examinations)
  }

  around(surface: LossSurface): LossSurface {
    return {
      ...surface,
      ...(surface.product && {
        product: async (params, v, out) => {
          await this.#spend(productCost)
          await surface.product!(params, v, out)
        },
      }),
      loss: async (params) => {
        await this.#spend(1)
        return surface.loss(params)
      },
      gradient: async (params, out) => {
        await this.#spend(gradientCost)
        return surface.gradient(params, out)
      },
    }
  }

  async #spend(cost: number): Promise<void> {
    this.#done += cost
    const now = this.#host.now()
    if (now - this.#breathedAt < breathMs) return
    this.#breathedAt = now
    this.#watch.progressed((this.#before + this.#done / this.#cost) / this.#examinations)
    await this.#host.breathe()
    if (this.#watch.isCancelled()) throw new Cancelled()
  }
}

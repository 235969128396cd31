/**
 * The analytic objective: a quadratic with a chosen Hessian, whose clients follow from random
 * streams on demand. It needs no data and no inference runtime, and a client that does not take
 * part costs nothing.
 */
import type { QuadraticSettings } from '../config/index.ts'
import { fillNoise, RandomStream } from '../random/index.ts'
import type { DifferentiableObjective } from './differentiableObjective.ts'
import type { BatchAddress, Objective } from './objective.ts'
import { quadraticSpectrum } from './spectrum.ts'

/** Slopes of minibatches that one objective keeps for the perturbations of a local step. */
const KEPT_SLOPE_BYTES = 64 * 2 ** 20

/**
 * With slopes each batch is a pass over d: this many share the pass over λ, and enough are left to
 * divide among workers.
 */
const SLOPED_BATCHES_PER_CALL = 16

/**
 * f(x) = ½ Σ_j λ_j x_j², and for a minibatch B of client i
 *
 *     f_i(x; B) = f(x) + Σ_j s_j x_j,   s_j = heterogeneity · λ_j · a_j(i) + gradientNoise · b_j(i, round, localStep),
 *
 * with a, b ~ N(0, I). Without gradient noise client i's optimum is −heterogeneity · a(i): each
 * coordinate lies `heterogeneity` standard deviations from the common optimum 0. (Its own constant
 * ½ Σ λ_j (heterogeneity · a_j)² is left out: no difference sees it.) x_0 is all ones. Evaluation
 * gives f(x), the mean over infinitely many clients.
 *
 * @param seed of the run
 */
export function createQuadraticObjective(
  settings: QuadraticSettings,
  seed: number,
): DifferentiableObjective {
  const { dim, heterogeneity, gradientNoise } = settings
  const lambda = quadraticSpectrum(settings.spectrum, dim)
  const hasSlopes = heterogeneity > 0 || gradientNoise > 0
  const slopes = new Slopes(settings, lambda, seed)
  const losses: Objective['losses'] = (params, batches) => {
    const values = new Float64Array(batches.length).fill(curvedPart(lambda, params))
    if (hasSlopes)
      batches.forEach((it, i) => {
        values[i]! += dot(slopes.of(it), params)
      })
    return Promise.resolve(values)
  }

  return {
    dim,
    hessianDiagonal: lambda,
    initialParams: (out = new Float32Array(dim)) => out.fill(1),
    batchesPerCall: hasSlopes ? SLOPED_BATCHES_PER_CALL : Number.MAX_SAFE_INTEGER,
    losses,
    sampleLosses: async (params, batches) =>
      Array.from(await losses(params, batches), (loss) => Float64Array.of(loss)),
    gradient(params, batch, out) {
      const slope = hasSlopes ? slopes.of(batch) : undefined
      for (let j = 0; j < dim; j++) out[j] = lambda[j]! * params[j]! + (slope?.[j] ?? 0)
      const sloped = slope === undefined ? 0 : dot(slope, params)
      return Promise.resolve(curvedPart(lambda, params) + sloped)
    },
    testSamples: 1,
    evaluate(params, from, to) {
      const samples = to - from
      const lossSum = samples * curvedPart(lambda, params)
      return Promise.resolve({ lossSum, correct: undefined, samples })
    },
    release: () => Promise.resolve(),
  }
}

/**
 * ½ Σ λ_j x_j², summed in float64 in four lanes (index mod 4), then (l0 + l1) + (l2 + l3): four
 * times as fast as one lane.
 */
function curvedPart(lambda: Float64Array, x: Float32Array): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  const whole = x.length - (x.length % 4)
  for (let j = 0; j < whole; j += 4) {
    a += lambda[j]! * x[j]! * x[j]!
    b += lambda[j + 1]! * x[j + 1]! * x[j + 1]!
    c += lambda[j + 2]! * x[j + 2]! * x[j + 2]!
    d += lambda[j + 3]! * x[j + 3]! * x[j + 3]!
  }
  for (let j = whole; j < x.length; j++) a += lambda[j]! * x[j]! * x[j]!
  return (a + b + (c + d)) / 2
}

/** Σ s_j x_j, in lanes as `curvedPart`. */
function dot(s: Float32Array, x: Float32Array): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  const whole = x.length - (x.length % 4)
  for (let j = 0; j < whole; j += 4) {
    a += s[j]! * x[j]!
    b += s[j + 1]! * x[j + 1]!
    c += s[j + 2]! * x[j + 2]!
    d += s[j + 3]! * x[j + 3]!
  }
  for (let j = whole; j < x.length; j++) a += s[j]! * x[j]!
  return a + b + (c + d)
}

/** The slopes s of minibatches; keeps those of the current local step while they fit. */
class Slopes {
  readonly #settings: QuadraticSettings
  readonly #lambda: Float64Array
  readonly #seed: number
  readonly #clientSeed: number
  readonly #kept = new Map<number, Float32Array>()
  /** Vectors of an earlier step, to be overwritten. */
  readonly #free: Float32Array[] = []
  readonly #room: number
  readonly #noise: Float32Array
  #step = ''

  constructor(settings: QuadraticSettings, lambda: Float64Array, seed: number) {
    this.#settings = settings
    this.#lambda = lambda
    this.#seed = seed
    this.#clientSeed = new RandomStream(seed, 'objective', 0, 0).uint32()
    this.#room = Math.max(1, Math.floor(KEPT_SLOPE_BYTES / (4 * settings.dim)))
    this.#noise = new Float32Array(settings.gradientNoise > 0 ? settings.dim : 0)
  }

  /** s of this minibatch, float32[d]; valid until the next call. */
  of({ client, round, localStep }: BatchAddress): Float32Array {
    const step = `${round}/${localStep}`
    if (step !== this.#step) {
      this.#free.push(...this.#kept.values())
      this.#kept.clear()
      this.#step = step
    }
    const kept = this.#kept.get(client)
    if (kept !== undefined) return kept
    if (this.#kept.size >= this.#room) {
      const [oldest] = this.#kept.entries().next().value as [number, Float32Array]
      this.#free.push(this.#kept.get(oldest) as Float32Array)
      this.#kept.delete(oldest)
    }
    const slope = this.#free.pop() ?? new Float32Array(this.#settings.dim)
    this.#kept.set(client, slope)
    this.#draw(slope, client, round, localStep)
    return slope
  }

  #draw(slope: Float32Array, client: number, round: number, localStep: number): void {
    const { heterogeneity, gradientNoise } = this.#settings
    const lambda = this.#lambda
    if (heterogeneity > 0) {
      fillNoise(slope, 'gaussian', this.#clientSeed, client, 0, 1)
      for (let j = 0; j < slope.length; j++) slope[j] = heterogeneity * lambda[j]! * slope[j]!
    } else {
      slope.fill(0)
    }
    if (gradientNoise === 0) return
    const noise = this.#noise
    // Address (0, 0) of the stream belongs to the clients; rounds start at 1 here.
    const batchSeed = new RandomStream(this.#seed, 'objective', round + 1, localStep).uint32()
    fillNoise(noise, 'gaussian', batchSeed, client, 0, gradientNoise)
    for (let j = 0; j < slope.length; j++) slope[j]! += noise[j]!
  }
}

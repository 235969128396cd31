/**
 * A replica of the model: (x, H), which changes in one way only - by applying the messages of the log. Server, clients, workers,
 * resumed runs and replay are all this class fed with the same bytes, and so hold the same bits.
 */
import { assertNever, type Digest } from '../base/index.ts'
import type { ScalarSettings } from '../config/index.ts'
import type { Kernels } from '../kernels/index.ts'
import {
  changeMethod,
  createMethod,
  orthogonalScalars,
  type ScalarMethod,
  type TensorShape,
} from '../methods/index.ts'
import type { Change, Entry, LogMessage } from '../wire/index.ts'
import { Directions, gramPiece } from './directions.ts'

/** Vectors are worked through in stretches that stay in the fastest cache; a multiple of 16, as the noise demands. */
const stretchLength = 2048

export interface ReplicaPlan {
  /** d */
  readonly dim: number
  /** The trainable tensors, in the order of x. */
  readonly tensors: readonly TensorShape[]
  readonly method: ScalarSettings
  /** R */
  readonly rounds: number
  /** How many directions may be kept within a round. */
  readonly keptDirections: number
}

/** Float32 values that a replica takes from its kernels' memory. */
export function scalarReplicaCapacity(plan: ReplicaPlan): number {
  const { dim, keptDirections, method } = plan
  const vectors = 2 + keptDirections + (method.momentum > 0 ? 1 : 0)
  return vectors * dim + 3 * stretchLength + gramLength(plan)
}

/** Float32 values of the piece of every direction of a step that Gram matrices are made from. */
function gramLength({ method, rounds }: ReplicaPlan): number {
  if (!method.orthogonal) return 0
  const composed = createMethod(method, rounds)
  // Every schedule is monotone.
  return gramPiece * Math.max(composed.perturbations(0), composed.perturbations(rounds - 1))
}

export class Replica {
  /** x_r, float32[d] */
  readonly params: Float32Array
  /** H_r, float32[d] */
  readonly hessian: Float32Array
  readonly directions: Directions
  readonly #kernels: Kernels
  readonly #totalRounds: number
  readonly #delta: Float32Array
  readonly #nextHessian: Float32Array
  readonly #direction: Float32Array
  /** v_r, float32[d], with momentum. */
  readonly #velocity: Float32Array | undefined
  /** What the curvature carries besides H. */
  readonly #curvatureMemory: unknown
  #settings: ScalarSettings
  #method: ScalarMethod
  #rounds = 0

  /** @param initial x_0, float32[d] */
  constructor(kernels: Kernels, plan: ReplicaPlan, initial: Float32Array) {
    this.#kernels = kernels
    this.#totalRounds = plan.rounds
    this.#settings = plan.method
    this.#method = createMethod(plan.method, plan.rounds)
    this.params = kernels.vector(plan.dim)
    this.params.set(initial)
    this.hessian = kernels.vector(plan.dim).fill(1)
    this.#delta = kernels.vector(stretchLength)
    this.#nextHessian = kernels.vector(stretchLength)
    this.#direction = kernels.vector(stretchLength)
    this.#velocity = this.#method.momentum > 0 ? kernels.vector(plan.dim) : undefined
    this.#curvatureMemory = this.#method.curvature.open(plan)
    this.directions = new Directions(
      kernels,
      plan.dim,
      this.#method.distribution,
      plan.keptDirections,
      gramLength(plan),
    )
  }

  /** Rounds applied so far, which is the index r of the round that comes next. */
  get rounds(): number {
    return this.#rounds
  }

  /** The method as it stands, after every change in the log. */
  get method(): ScalarMethod {
    return this.#method
  }

  /** The state's hash: of the little-endian parameters, then H. @param digest empty */
  hash(digest: Digest): string {
    for (const { buffer, byteOffset, byteLength } of [this.params, this.hessian])
      digest.update(new Uint8Array(buffer, byteOffset, byteLength))
    return digest.hex()
  }

  /** Fixes the directions of the coming round: its seed with H_r as it is now. */
  startRound(seed: number): void {
    const perturbations = this.#method.perturbations(this.#rounds)
    this.directions.start(seed, perturbations, this.#method.direction.metric(this.hessian))
  }

  apply(message: LogMessage): void {
    if (message.round !== this.#rounds)
      throw new Error(`a replica at round ${this.#rounds} can't apply round ${message.round}`)
    switch (message.type) {
      case 'change':
        this.#change(message)
        return
      case 'entry':
        this.#advance(message)
        this.#rounds++
        return
      case 'vectorEntry':
        throw new Error('a log of vectors does not belong to a scalar-only method')
      default:
        assertNever(message)
    }
  }

  /**
   * One client's local step: x ← x − η (Δ + λ x), with Δ = (1/P) Σ_p g_p z_{k,p}.
   * @param x float32[d], in place
   * @param scalars what the client measured at this step, float32[P · scalars per direction]
   */
  descend(x: Float32Array, localStep: number, scalars: Float32Array): void {
    const rate = this.#method.learningRate(this.#rounds)
    // Every client descends along them, and so does the round's entry.
    this.directions.keep(localStep)
    const gradient = this.#gradientScalars(localStep, scalars)
    this.#forEachStretch((start, end) => {
      const delta = this.#directionOfStep(start, end, localStep, gradient)
      this.#kernels.descend(x.subarray(start, end), delta, rate, this.#method.weightDecay)
    })
  }

  /** Round r: x_{r+1} and H_{r+1} from the aggregated scalars, each stretch of memory visited once. */
  #advance({ localSteps, seed, perturbations: scalarsPerStep, aggregates }: Entry): void {
    if (localSteps === 0) return
    const { curvature, estimator, weightDecay, momentum } = this.#method
    const perturbations = scalarsPerStep / estimator.scalarsPerDirection
    if (!this.directions.areOf(seed, perturbations))
      this.directions.start(seed, perturbations, this.#method.direction.metric(this.hessian))
    const rate = this.#method.learningRate(this.#rounds)
    const steps = Array.from({ length: localSteps }, (_, k) => {
      const measured = aggregates.subarray(k * scalarsPerStep, (k + 1) * scalarsPerStep)
      return {
        gradient: this.#gradientScalars(k, measured),
        scalars: measured.subarray(0, perturbations),
        secondDifferences: measured.subarray(perturbations),
      }
    })
    this.#forEachStretch((start, end) => {
      const x = this.params.subarray(start, end)
      const hessian = this.hessian.subarray(start, end)
      const velocity = this.#velocity?.subarray(start, end)
      const next = this.#nextHessian.subarray(0, end - start)
      next.set(hessian)
      for (const [k, { gradient, ...measured }] of steps.entries()) {
        const delta = this.#directionOfStep(start, end, k, gradient)
        if (velocity === undefined) this.#kernels.descend(x, delta, rate, weightDecay)
        else this.#kernels.perturb(velocity, delta, velocity, k === 0 ? momentum : 1)
        curvature.update(this.#curvatureMemory, {
          kernels: this.#kernels,
          start,
          hessian,
          next,
          delta,
          ...measured,
          stepsLeft: steps.length - 1 - k,
          direction: (p) => this.#directionOn(start, end, k, p),
        })
      }
      // v ← β v + Σ_k Δ_k;  x ← x − η (v + λ x)
      if (velocity !== undefined) this.#kernels.descend(x, velocity, rate, weightDecay)
      hessian.set(next)
    })
    curvature.closeRound?.(this.#curvatureMemory, this.hessian)
  }

  /** The gradient scalars among what was measured at a local step, float32[P]. */
  #gradientScalars(localStep: number, measured: Float32Array): Float32Array {
    const { estimator, orthogonal } = this.#method
    const scalars = measured.subarray(0, measured.length / estimator.scalarsPerDirection)
    return orthogonal ? orthogonalScalars(this.directions.gram(localStep), scalars) : scalars
  }

  /** z_{k,p} on one stretch; valid until the next call. */
  #directionOn(start: number, end: number, localStep: number, perturbation: number): Float32Array {
    const z = this.#direction.subarray(0, end - start).fill(0)
    this.directions.accumulate(z, start, localStep, perturbation, 1)
    return z
  }

  /** Δ_k on one stretch; valid until the next call. */
  #directionOfStep(
    start: number,
    end: number,
    localStep: number,
    scalars: Float32Array,
  ): Float32Array {
    const delta = this.#delta.subarray(0, end - start).fill(0)
    for (let p = 0; p < scalars.length; p++) {
      const coefficient = Math.fround(scalars[p]! / scalars.length)
      this.directions.accumulate(delta, start, localStep, p, coefficient)
    }
    return delta
  }

  #change(change: Change): void {
    this.#settings = changeMethod(this.#settings, change.setting, change.value)
    this.#method = createMethod(this.#settings, this.#totalRounds)
  }

  #forEachStretch(visit: (start: number, end: number) => void): void {
    const { length } = this.params
    for (let start = 0; start < length; start += stretchLength)
      visit(start, Math.min(length, start + stretchLength))
  }
}

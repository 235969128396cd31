/**
 * A replica of the model: (x, H), which changes in one way only - by applying the messages of the log. Server, clients, workers,
 * resumed runs and replay are all this class fed with the same bytes, and so hold the same bits.
 */
import { assertNever } from '../base/index.ts'
import type { MethodSettings } from '../config/index.ts'
import type { Kernels } from '../kernels/index.ts'
import { changeMethod, createMethod, type ScalarMethod } from '../methods/index.ts'
import type { Change, Entry, LogMessage } from '../wire/index.ts'
import { Directions } from './directions.ts'

/** Vectors are worked through in stretches that stay in the fastest cache; a multiple of 16, as the noise demands. */
const stretchLength = 2048

export interface ReplicaPlan {
  /** d */
  readonly dim: number
  readonly method: MethodSettings
  /** R */
  readonly rounds: number
  /** How many directions may be kept within a round. */
  readonly keptDirections: number
}

/** Float32 values that a replica takes from its kernels' memory. */
export function replicaCapacity({ dim, keptDirections }: ReplicaPlan): number {
  return (2 + keptDirections) * dim + 2 * stretchLength
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
  #settings: MethodSettings
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
    this.directions = new Directions(
      kernels,
      plan.dim,
      this.#method.distribution,
      plan.keptDirections,
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

  /** Fixes the directions of the coming round: its seeds with H_r as it is now. */
  startRound(seeds: Uint32Array): void {
    const perturbations = this.#method.perturbations(this.#rounds)
    this.directions.start(seeds, perturbations, this.#method.direction.metric(this.hessian))
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
      default:
        assertNever(message)
    }
  }

  /**
   * One client's local step: x ← x − η (Δ + λ x), with Δ = (1/P) Σ_p g_p z_{k,p}.
   * @param x float32[d], in place
   * @param scalars g_{i,k,p}, float32[P]
   */
  descend(x: Float32Array, localStep: number, scalars: Float32Array): void {
    const rate = this.#method.learningRate(this.#rounds)
    // Every client descends along them, and so does the round's entry.
    this.directions.keep(localStep)
    this.#forEachStretch((start, end) => {
      const delta = this.#directionOfStep(start, end, localStep, scalars)
      this.#kernels.descend(x.subarray(start, end), delta, rate, this.#method.weightDecay)
    })
  }

  /** Round r: x_{r+1} and H_{r+1} from the aggregated scalars, each stretch of memory visited once. */
  #advance({ seeds, perturbations, aggregates }: Entry): void {
    if (seeds.length === 0) return
    if (!this.directions.areOf(seeds, perturbations))
      this.directions.start(seeds, perturbations, this.#method.direction.metric(this.hessian))
    const rate = this.#method.learningRate(this.#rounds)
    const { curvature, weightDecay } = this.#method
    this.#forEachStretch((start, end) => {
      const x = this.params.subarray(start, end)
      const hessian = this.hessian.subarray(start, end)
      const next = this.#nextHessian.subarray(0, end - start)
      next.set(hessian)
      for (let k = 0; k < seeds.length; k++) {
        const scalars = aggregates.subarray(k * perturbations, (k + 1) * perturbations)
        const delta = this.#directionOfStep(start, end, k, scalars)
        this.#kernels.descend(x, delta, rate, weightDecay)
        curvature.update(this.#kernels, next, delta, k === seeds.length - 1)
      }
      hessian.set(next)
    })
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

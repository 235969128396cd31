/**
 * A replica of the model: (x, H). It changes in one way only: by applying the messages of the log.
 * Server, clients, workers, resumed runs and replay are all this class, fed with the same bytes,
 * and so hold the same bits.
 */
import { assertNever, type Digest } from '../base/index.ts'
import type { ScalarSettings } from '../config/index.ts'
import { alignedLength, type Kernels } from '../kernels/index.ts'
import {
  changePlan,
  createMethod,
  orthogonalScalars,
  type MethodPlan,
  type ScalarMethod,
} from '../methods/index.ts'
import { lowRankLayout } from '../model/index.ts'
import type { Change, Entry, LogMessage, ReplicaState } from '../wire/index.ts'
import { Directions, gramPiece, pieceCapacity, stretchLength } from './directions.ts'
import { OwnDirections, SharedDirections } from './keptDirections.ts'
import type { ReplicaPlan } from './replicaPlan.ts'
import { chunksAt, restoreChunks, type WorkerSlot } from './sharedState.ts'
import { copiedValues, namedVectors, valuesUnder, type ReplicaSnapshot } from './snapshot.ts'

/** Of the names of what the curvature keeps, in a snapshot. */
const curvaturePrefix = 'curvature.'

/** Elements hashed together. */
const hashedLength = 2 ** 20

/** Float32 values that a replica allocates from its kernels' memory. */
export function scalarReplicaCapacity(plan: ReplicaPlan): number {
  const { isShared = false } = plan
  const pieces = pieceCapacity(methodOf(plan), isShared)
  const scratch = pieces + gramLength(plan) + nearCapacity(plan)
  return isShared ? scratch + 2 * stretchLength : scratch + stateCapacity(plan)
}

/** What of it lies near: see `Kernels.near`. */
export function nearCapacity(plan: ReplicaPlan): number {
  return 6 * stretchLength + keptFactorsOf(plan) * alignedLength(factorsLength(plan))
}

/** Numbers of a low-rank direction; 0 for others. */
function factorsLength(plan: ReplicaPlan): number {
  const { distribution, rank } = methodOf(plan)
  return distribution === 'low-rank' ? lowRankLayout(plan.tensors, rank).length : 0
}

function keptFactorsOf(plan: ReplicaPlan): number {
  const { distribution } = methodOf(plan)
  return distribution === 'low-rank' ? (plan.keptFactors ?? mostPerturbations(plan)) : 0
}

/** Of any round. */
function mostPerturbations(plan: ReplicaPlan): number {
  const method = methodOf(plan)
  // Every schedule is monotone.
  return Math.max(method.perturbations(0), method.perturbations(plan.rounds - 1))
}

/** Float32 values of the state and of the directions kept beside it, wherever they lie. */
export function stateCapacity(plan: ReplicaPlan): number {
  const { hasVelocity, curvature } = methodOf(plan)
  const hasHessian = plan.isShared === true || curvature.isFlat !== true
  const state = 1 + (hasHessian ? 1 : 0) + (hasVelocity ? 1 : 0)
  return alignedLength(plan.dim) * (state + plan.keptDirections)
}

function methodOf({ method, rounds }: ReplicaPlan): ScalarMethod {
  return createMethod(method, rounds)
}

/** Whether each coordinate's update depends only on its own past, the seeds and the scalars. */
export function isPerCoordinate(method: ScalarMethod): boolean {
  // Gram matrices and the length of the velocity are sums over all coordinates, and so is the work
  // of a curvature at the end of a round.
  const { orthogonal, curvature, cone } = method
  return !orthogonal && curvature.closeRound === undefined && cone === undefined
}

/** Float32 values of the pieces that Gram matrices and curvatures are made from. */
function gramLength(plan: ReplicaPlan): number {
  const composed = methodOf(plan)
  if (!composed.orthogonal && !composed.step.needsCurvature) return 0
  return gramPiece * mostPerturbations(plan)
}

export class Replica {
  /** x_r, float32[d] */
  readonly params: Float32Array
  readonly directions: Directions
  readonly #kernels: Kernels
  /** H_r, float32[d]; undefined where it stays 1. */
  readonly #hessian: Float32Array | undefined
  /** A stretch of 1, in place of it. */
  readonly #ones: Float32Array
  readonly #delta: Float32Array
  readonly #nextHessian: Float32Array
  readonly #nextVelocity: Float32Array
  readonly #direction: Float32Array
  /** v_r, float32[d], where the method has one. */
  readonly #velocity: Float32Array | undefined
  readonly #slot: WorkerSlot | undefined
  /** A stretch of x and of H, where those lie in shared memory. */
  readonly #near: readonly Float32Array[]
  /** What the curvature carries besides H. */
  readonly #curvatureMemory: object | undefined
  #plan: MethodPlan<ScalarSettings>
  #method: ScalarMethod
  #rounds = 0
  /** Messages applied so far. */
  #position = 0

  /**
   * @param initial writes x_0 to a float32[d]
   * @param slot given if the plan says so; the kernels must take vectors of any memory then
   */
  constructor(
    kernels: Kernels,
    plan: ReplicaPlan,
    initial: (out: Float32Array) => void,
    slot?: WorkerSlot,
  ) {
    this.#kernels = kernels
    this.#plan = { settings: plan.method, rounds: plan.rounds }
    this.#method = methodOf(plan)
    this.#slot = slot
    if (slot === undefined) {
      this.params = kernels.vector(plan.dim)
      initial(this.params)
      const { isFlat } = this.#method.curvature
      this.#hessian = isFlat === true ? undefined : kernels.vector(plan.dim).fill(1)
      this.#velocity = this.#method.hasVelocity ? kernels.vector(plan.dim) : undefined
      this.#near = []
    } else {
      restoreChunks(slot, initial)
      this.params = slot.state.params
      this.#hessian = slot.state.hessian
      this.#velocity = slot.state.velocity
      this.#near = [0, 1].map(() => kernels.vector(stretchLength))
    }
    this.#ones = kernels.near(stretchLength).fill(1)
    this.#delta = kernels.near(stretchLength)
    this.#nextHessian = kernels.near(stretchLength)
    this.#nextVelocity = kernels.near(stretchLength)
    this.#direction = kernels.near(stretchLength)
    const { curvature } = this.#method
    this.#curvatureMemory = curvature.open(plan)
    curvature.begin?.(this.#curvatureMemory, this)
    this.directions = new Directions(
      kernels,
      plan.dim,
      this.#method,
      plan.tensors,
      slot === undefined
        ? new OwnDirections(
            Array.from({ length: plan.keptDirections }, () => kernels.vector(plan.dim)),
          )
        : new SharedDirections(slot.state),
      slot !== undefined,
      gramLength(plan),
      keptFactorsOf(plan),
    )
  }

  /** Rounds applied so far, which is the index r of the next round. */
  get rounds(): number {
    return this.#rounds
  }

  /** The method after every change in the log. */
  get method(): ScalarMethod {
    return this.#method
  }

  /** The state's hash: of the little-endian parameters, then H. @param digest empty */
  hash(digest: Digest): string {
    for (const vector of [this.params, this.#hessian])
      for (let from = 0; from < this.params.length; from += hashedLength) {
        const to = Math.min(from + hashedLength, this.params.length)
        const piece = vector?.subarray(from, to) ?? new Float32Array(to - from).fill(1)
        // Digests do not accept shared memory.
        const { buffer, byteOffset, byteLength } = this.isShared ? piece.slice() : piece
        digest.update(new Uint8Array(buffer, byteOffset, byteLength))
      }
    return digest.hex()
  }

  /** H_r, float32[d]; made anew where it stays 1. */
  get hessian(): Float32Array {
    return this.#hessian ?? new Float32Array(this.params.length).fill(1)
  }

  /** Whether x and H lie in shared memory, which inference sessions do not accept. */
  get isShared(): boolean {
    return this.#slot !== undefined
  }

  /** A copy of the state; where it is shared, of one that all have caught up with. */
  snapshot(): ReplicaSnapshot {
    const { isFlat } = this.#method.curvature
    return {
      rounds: this.#rounds,
      plan: this.#plan,
      values: copiedValues({
        position: this.#position,
        x: this.params,
        ...(isFlat !== true && { H: this.#hessian }),
        ...(this.#velocity && { v: this.#velocity }),
        ...copiedValues(this.#curvatureMemory, curvaturePrefix),
      }),
    }
  }

  /**
   * Goes back, or forward, to where a snapshot of a replica of the same run was made. @returns
   * whether it did; a shared state is not only its own
   */
  restore({ rounds, plan, values }: ReplicaSnapshot): boolean {
    if (this.#slot !== undefined) return false
    this.params.set(values['x'] as Float32Array)
    this.#hessian?.set(values['H'] as Float32Array)
    this.#velocity?.set(values['v'] as Float32Array)
    if (this.#curvatureMemory !== undefined)
      Object.assign(this.#curvatureMemory, copiedValues(valuesUnder(curvaturePrefix, values)))
    this.#rounds = rounds
    this.#position = values['position'] as number
    this.#plan = plan as MethodPlan<ScalarSettings>
    this.#method = createMethod(this.#plan.settings, plan.rounds)
    this.directions.forget()
    return true
  }

  /** Takes up the state of a snapshot message. */
  adopt({ round, changed, vectors }: ReplicaState): void {
    const plan = changed.reduce((before, change) => changePlan(before, change), this.#plan)
    const own = { x: this.params, H: this.#hessian, v: this.#velocity }
    const values = { position: this.#position + 1, ...namedVectors(vectors, own) }
    if (!this.restore({ rounds: round, plan, values }))
      throw new Error('a replica that shares its state takes up none')
  }

  /** Fixes the directions of the coming round: its seed with the present H_r. */
  startRound(seed: number): void {
    this.#startDirections(seed, this.#method.perturbations(this.#rounds))
  }

  apply(message: LogMessage): void {
    if (message.round !== this.#rounds)
      throw new Error(`a replica at round ${this.#rounds} can't apply round ${message.round}`)
    switch (message.type) {
      case 'change':
        this.#change(message)
        break
      case 'entry':
        this.#advance(message)
        this.#rounds++
        break
      case 'vectorEntry':
        throw new Error('a log of vectors does not belong to a scalar-only method')
      default:
        assertNever(message)
    }
    this.#position++
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
    const coefficients = this.coefficients(localStep, scalars)
    forEachStretch([0, x.length], (start, end) => {
      const hessian = this.#hessianOn(start, end)
      const delta = this.#directionOfStep(hessian, start, localStep, coefficients)
      this.#kernels.descend(x.subarray(start, end), delta, rate, this.#method.weightDecay)
    })
  }

  /**
   * Round r: x_{r+1} and H_{r+1} from the aggregated scalars; visits each stretch of memory once.
   */
  #advance({ localSteps, seed, scalarsPerStep, aggregates }: Entry): void {
    if (localSteps === 0) {
      // Nobody answered; the round still counts.
      Array.from(this.#chunks())
      return
    }
    const { curvature, weightDecay, momentum, cone, learningRounds } = this.#method
    const learns = this.#rounds < (learningRounds ?? Infinity)
    const { scalarsPerDirection } = this.#method.estimator(this.#rounds)
    const perturbations = scalarsPerStep / scalarsPerDirection
    if (!this.directions.matches(seed, perturbations)) this.#startDirections(seed, perturbations)
    const rate = this.#method.learningRate(this.#rounds)
    const steps = Array.from({ length: localSteps }, (_, k) => {
      const measured = aggregates.subarray(k * scalarsPerStep, (k + 1) * scalarsPerStep)
      return {
        coefficients: this.coefficients(k, measured),
        scalars: measured.subarray(0, perturbations),
        secondDifferences: measured.subarray(perturbations),
      }
    })
    const movesAlongVelocity = this.#velocity !== undefined && cone === undefined
    const advance = (start: number, end: number) => {
      const x = this.#take(0, this.params, start, end)
      const stored = this.#hessian
      const hessian =
        stored === undefined ? this.#hessianOn(start, end) : this.#take(1, stored, start, end)
      // Directions that are drawn again lean to v_r until the stretch is done.
      const velocity = this.#velocity && this.#nextVelocity.subarray(0, end - start)
      velocity?.set(this.#velocity!.subarray(start, end))
      const next = this.#nextHessian.subarray(0, end - start)
      next.set(hessian)
      for (const [k, { coefficients, ...measured }] of steps.entries()) {
        const delta = this.#directionOfStep(hessian, start, k, coefficients)
        const stepsLeft = steps.length - 1 - k
        if (velocity !== undefined)
          this.#kernels.perturb(velocity, delta, velocity, k === 0 ? momentum : 1)
        if (!movesAlongVelocity) this.#kernels.descend(x, delta, rate, weightDecay)
        if (learns)
          curvature.update(this.#curvatureMemory, {
            kernels: this.#kernels,
            start,
            hessian,
            next,
            delta,
            ...measured,
            stepsLeft,
            direction: (p) => this.#directionOn(hessian, start, k, p),
            redraw: (p, h) => this.#redraw(h, start, k, p),
          })
        // v ← β v + Σ_k Δ_k. Every local step decays x, and the last one goes along v, too:
        // x ← x − η λ x, then x ← x − η (v + λ x).
        if (movesAlongVelocity && stepsLeft === 0)
          this.#kernels.descend(x, velocity!, rate, weightDecay)
        else if (movesAlongVelocity && weightDecay > 0)
          this.#kernels.descend(x, delta.fill(0), rate, weightDecay)
      }
      this.#put(x, this.params, start)
      if (stored !== undefined) this.#put(next, stored, start)
      if (velocity !== undefined) this.#put(velocity, this.#velocity!, start)
    }
    for (const chunk of this.#chunks()) forEachStretch(chunk, advance)
    if (!learns || curvature.closeRound === undefined) return
    const { params, hessian } = this
    curvature.closeRound(this.#curvatureMemory, { params, hessian, round: this.#rounds })
  }

  /** H_r on a stretch. */
  #hessianOn(start: number, end: number): Float32Array {
    return this.#hessian?.subarray(start, end) ?? this.#ones.subarray(0, end - start)
  }

  /** The coordinates that this replica updates in a round, as [from, to): all, or its share. */
  #chunks(): Iterable<readonly [number, number]> {
    return this.#slot === undefined ? [[0, this.params.length]] : chunksAt(this.#slot, this.#rounds)
  }

  /** A stretch of a vector of the state, in the kernels' memory. */
  #take(index: number, vector: Float32Array, start: number, end: number): Float32Array {
    const near = this.#near[index]?.subarray(0, end - start)
    near?.set(vector.subarray(start, end))
    return near ?? vector.subarray(start, end)
  }

  /** Puts a stretch back where it was taken from. */
  #put(stretch: Float32Array, vector: Float32Array, start: number): void {
    if (stretch.buffer !== vector.buffer || stretch.byteOffset !== vector.byteOffset + 4 * start)
      vector.set(stretch, start)
  }

  #startDirections(seed: number, perturbations: number): void {
    const { direction, cone } = this.#method
    const metric = this.#hessian && direction.metric(this.#hessian)
    const lean = this.#velocity && cone?.lean(this.#velocity)
    this.directions.start(
      seed,
      perturbations,
      metric,
      this.#position,
      lean && { axis: this.#velocity, ...lean },
    )
  }

  /**
   * The measurements of a local step as coefficients of its directions: c with Δ_k = Σ_p c_p
   * z_{k,p}, float32[P].
   */
  coefficients(localStep: number, measured: Float32Array): Float32Array {
    const { orthogonal, scaling } = this.#method
    const { scalarsPerDirection } = this.#method.estimator(this.#rounds)
    const scalars = measured.subarray(0, measured.length / scalarsPerDirection)
    const turned = orthogonal
      ? orthogonalScalars(this.directions.gram(localStep), scalars)
      : scalars
    const gradient = scaling === undefined ? turned : scaling.scale(turned)
    return gradient.map((scalar) => scalar / gradient.length)
  }

  /** z_{k,p} on the stretch that has this H; valid until the next call. */
  #directionOn(
    hessian: Float32Array,
    start: number,
    localStep: number,
    perturbation: number,
  ): Float32Array {
    const metric = this.#method.direction.metric(hessian)
    const z = this.#direction.subarray(0, hessian.length)
    this.directions.draw(z, metric, start, localStep, perturbation)
    return z
  }

  /** u_{k,p} / √h on a stretch; valid until the next call. */
  #redraw(h: Float32Array, start: number, localStep: number, perturbation: number): Float32Array {
    const z = this.#direction.subarray(0, h.length)
    this.directions.redraw(z, h, start, localStep, perturbation)
    return z
  }

  /** Δ_k on the stretch that has this H; valid until the next call. */
  #directionOfStep(
    hessian: Float32Array,
    start: number,
    localStep: number,
    coefficients: Float32Array,
  ): Float32Array {
    const metric = this.#method.direction.metric(hessian)
    const delta = this.#delta.subarray(0, hessian.length).fill(0)
    this.directions.combine(delta, metric, start, localStep, coefficients)
    return delta
  }

  #change(change: Change): void {
    this.#plan = changePlan(this.#plan, change)
    this.#method = createMethod(this.#plan.settings, this.#plan.rounds)
  }
}

function forEachStretch(
  [from, to]: readonly [number, number],
  visit: (start: number, end: number) => void,
): void {
  for (let start = from; start < to; start += stretchLength)
    visit(start, Math.min(to, start + stretchLength))
}

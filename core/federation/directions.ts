/**
 * The directions z_{k,p} of one round, as a replica sees them: a pure function of the round's seed
 * and H_r. They are kept while memory lasts and regenerated otherwise; the bits are the same.
 */
import type { Kernels, NoiseAddress } from '../kernels/index.ts'
import type { ScalarMethod, TensorShape } from '../methods/index.ts'
import { lowRankLayout, type LowRankLayout } from '../model/index.ts'
import { sphereScale, type Distribution } from '../random/index.ts'
import type { KeptDirections } from './keptDirections.ts'
import { addProducts, mirrored } from './directionProducts.ts'
import { LowRankNoise } from './lowRankNoise.ts'

/**
 * Elements of a direction that a Gram matrix reads together, so that the pieces of all directions
 * of a step stay in the cache.
 */
export const gramPiece = 64

/**
 * Length of the stretches in which vectors are updated, so that they stay in the fastest cache; a
 * multiple of 16, as the noise requires.
 */
export const stretchLength = 2048

/**
 * Elements of a direction that are made, used and stored together, so that they stay in a core's
 * own cache; a multiple of 16.
 */
const madePiece = 16_384

/** The part that all directions of a round have in common: z = weight · axis + share · u. */
interface Lean {
  /** float32[d] */
  readonly axis: Float32Array
  readonly weight: number
  readonly share: number
}

/** What directions depend on besides the seed and H. */
type DirectionSettings = Pick<ScalarMethod, 'distribution' | 'rank' | 'cone'>

/** Whether a direction is made in one pass of the kernels, which need no room for pieces of it. */
function isPlain({ distribution, cone }: DirectionSettings): boolean {
  return distribution !== 'low-rank' && cone === undefined
}

/** Float32 values for pieces of directions on their way. @param isShared see `Directions` */
export function pieceCapacity(settings: DirectionSettings, isShared: boolean): number {
  return (isShared || !isPlain(settings) ? madePiece : 0) + (isPlain(settings) ? 0 : madePiece)
}

export class Directions {
  readonly #kernels: Kernels
  readonly #dim: number
  /** Of the kernels' numbers, which low-rank directions are products of. */
  readonly #distribution: Distribution
  readonly #lowRank: LowRankNoise | undefined
  readonly #isPlain: boolean
  readonly #kept: KeptDirections
  /**
   * Where a piece of a direction is made if it is stored in other memory than the kernels', or
   * takes several passes.
   */
  readonly #made: Float32Array | undefined
  /** A piece of u, where z takes more than it. */
  readonly #noise: Float32Array | undefined
  /** √H of a stretch. */
  readonly #root: Float32Array
  readonly #scales = new Map<number, number>()
  /** A piece of every direction of a step. */
  readonly #scratch: Float32Array
  readonly #grams = new Map<number, Float64Array>()
  #seed = 0
  #perturbations = 1
  #metric: Float32Array | undefined
  #lean: Lean | undefined

  /**
   * @param tensors in the order of x
   * @param isShared whether `kept` lies in other memory than the kernels'
   * @param gramLength `gramPiece` times the most directions that a step may have, or 0 where
   *   neither Gram matrices nor curvatures are asked for
   * @param keptFactors low-rank directions whose factors lie in the kernels' own memory
   */
  constructor(
    kernels: Kernels,
    dim: number,
    settings: DirectionSettings,
    tensors: readonly TensorShape[],
    kept: KeptDirections,
    isShared: boolean,
    gramLength: number,
    keptFactors = 0,
  ) {
    const { distribution, rank } = settings
    this.#kernels = kernels
    this.#dim = dim
    this.#distribution = distribution === 'low-rank' ? 'gaussian' : distribution
    this.#isPlain = isPlain(settings)
    this.#kept = kept
    this.#root = kernels.vector(stretchLength)
    this.#made = isShared || !this.#isPlain ? kernels.vector(madePiece) : undefined
    this.#noise = this.#isPlain ? undefined : kernels.vector(madePiece)
    if (distribution === 'low-rank')
      this.#lowRank = new LowRankNoise(
        kernels,
        lowRankLayout(tensors, rank),
        this.#noise!,
        keptFactors,
      )
    this.#scratch = kernels.vector(gramLength)
  }

  /**
   * Starts a round. `metric` must keep its values until the last use of a direction that is not
   * kept.
   * @param metric see `Direction.metric`
   * @param position see `KeptDirections.start`
   * @param lean must keep its values as long
   */
  start(
    seed: number,
    perturbations: number,
    metric: Float32Array | undefined,
    position: number,
    lean?: Lean,
  ): void {
    this.#seed = seed
    this.#perturbations = perturbations
    this.#metric = metric
    this.#lean = lean
    this.#kept.start(position)
    this.#scales.clear()
    this.#grams.clear()
    this.#lowRank?.start()
  }

  /**
   * U and V of z_{k,p}, U times 1 / √r; undefined for directions that are not low-rank, or lean.
   * Valid until the next round.
   */
  factors(localStep: number, perturbation: number): Float32Array | undefined {
    if (this.#lean !== undefined) return undefined
    return this.#lowRank?.factorsAt(this.#source(localStep, perturbation).address)
  }

  /** Where the numbers of `factors` lie. */
  get layout(): LowRankLayout | undefined {
    return this.#lowRank?.layout
  }

  /** Whether these are the directions of the round with this seed. */
  matches(seed: number, perturbations: number): boolean {
    return seed === this.#seed && perturbations === this.#perturbations
  }

  /** Until the next start these are no round's directions. */
  forget(): void {
    this.#perturbations = 0
  }

  /** Makes the directions of a step that will be used more than once, while there is room. */
  keep(localStep: number): void {
    for (let p = 0; p < this.#perturbations; p++)
      if (this.#kept.find(this.#key(localStep, p)) === undefined) this.#make(localStep, p, () => {})
  }

  /** out = z_{k,p} over all of d, keeping z if there is room. */
  write(out: Float32Array, localStep: number, perturbation: number): void {
    const kept = this.#kept.find(this.#key(localStep, perturbation))
    if (kept !== undefined) out.set(kept)
    else if (!this.#make(localStep, perturbation, (z, from) => out.set(z, from)))
      this.draw(out, this.#metric, 0, localStep, perturbation)
  }

  /** out = x + mu · z_{k,p} over all of d, keeping z if there is room. */
  perturb(
    out: Float32Array,
    x: Float32Array,
    localStep: number,
    perturbation: number,
    mu: number,
  ): void {
    const kept = this.#kept.find(this.#key(localStep, perturbation))
    if (kept !== undefined) {
      this.#kernels.perturb(out, x, kept, mu)
      return
    }
    const isMade = this.#make(localStep, perturbation, (z, from) => {
      const to = from + z.length
      this.#kernels.perturb(out.subarray(from, to), x.subarray(from, to), z, mu)
    })
    if (isMade) return
    if (!this.#isPlain) {
      for (const [from, to] of piecesOf(this.#dim)) {
        const z = this.#made!.subarray(0, to - from)
        this.#fill(z, undefined, from, localStep, perturbation)
        this.#kernels.perturb(out.subarray(from, to), x.subarray(from, to), z, mu)
      }
      return
    }
    const { address, scale } = this.#source(localStep, perturbation)
    this.#kernels.perturbFresh(out, x, this.#metric, this.#distribution, address, 0, scale, mu)
  }

  /**
   * delta += Σ_p coefficients[p] · z_{k,p} on the stretch that begins at `start`, a multiple of 16.
   * @param metric of the stretch, at most `stretchLength` elements
   */
  combine(
    delta: Float32Array,
    metric: Float32Array | undefined,
    start: number,
    localStep: number,
    coefficients: Float32Array,
  ): void {
    const end = start + delta.length
    let root: Float32Array | undefined
    for (let p = 0; p < coefficients.length; p++) {
      const coefficient = coefficients[p]!
      const z = this.#kept.find(this.#key(localStep, p))
      if (z !== undefined) {
        this.#kernels.accumulate(delta, z.subarray(start, end), coefficient)
        continue
      }
      if (this.#lowRank !== undefined && this.#lean === undefined) {
        const { address } = this.#source(localStep, p)
        this.#lowRank.accumulate(delta, address, start, coefficient)
        continue
      }
      if (!this.#isPlain) {
        const piece = this.#made!.subarray(0, delta.length)
        this.#fill(piece, metric, start, localStep, p)
        this.#kernels.accumulate(delta, piece, coefficient)
        continue
      }
      if (metric !== undefined && root === undefined) {
        root = this.#root.subarray(0, delta.length)
        this.#kernels.squareRoot(root, metric)
      }
      const { address, scale } = this.#source(localStep, p)
      this.#kernels.accumulateFresh(
        delta,
        root,
        this.#distribution,
        address,
        start,
        scale,
        coefficient,
      )
    }
  }

  /**
   * out = z_{k,p} on the stretch that begins at `start`, a multiple of 16. @param metric of the
   * stretch
   */
  draw(
    out: Float32Array,
    metric: Float32Array | undefined,
    start: number,
    localStep: number,
    perturbation: number,
  ): void {
    const z = this.#kept.find(this.#key(localStep, perturbation))
    if (z !== undefined) {
      out.set(z.subarray(start, start + out.length))
      return
    }
    for (const [from, to] of piecesOf(out.length))
      this.#fill(
        out.subarray(from, to),
        metric?.subarray(from, to),
        start + from,
        localStep,
        perturbation,
      )
  }

  /**
   * out = u_{k,p} / √metric on the stretch that begins at `start`, a multiple of 16, whatever the
   * round's H is.
   */
  redraw(
    out: Float32Array,
    metric: Float32Array,
    start: number,
    localStep: number,
    perturbation: number,
  ): void {
    const { address, scale } = this.#source(localStep, perturbation)
    this.#kernels.direction(out, metric, this.#distribution, address, start, scale)
  }

  /**
   * U Uᵀ / d of a step's noise u (not z), summed in float64 in the order of coordinates; float64[P
   * · P].
   */
  gram(localStep: number): Float64Array {
    const made = this.#grams.get(localStep)
    if (made !== undefined) return made
    const size = this.#perturbations
    const gram = new Float64Array(size * size)
    for (let start = 0; start < this.#dim; start += gramPiece)
      addProducts(gram, this.#noisePieces(localStep, start))
    this.#grams.set(localStep, mirrored(gram, size, this.#dim))
    return gram
  }

  /**
   * ZᵀΣZ of a step's directions z, summed in float64 in the order of coordinates; float64[P · P].
   * @param diagonal of Σ, float64[d]
   */
  curvature(localStep: number, diagonal: Float64Array): Float64Array {
    const size = this.#perturbations
    const curvature = new Float64Array(size * size)
    for (let start = 0; start < this.#dim; start += gramPiece) {
      const weights = diagonal.subarray(start, Math.min(start + gramPiece, this.#dim))
      const pieces = this.#pieces(weights.length, (piece, p) =>
        this.draw(piece, this.#metric?.subarray(start, start + piece.length), start, localStep, p),
      )
      addProducts(curvature, pieces, weights)
    }
    return mirrored(curvature, size, 1)
  }

  /** The same piece of u of every direction of a step. */
  #noisePieces(localStep: number, start: number): Float32Array[] {
    return this.#pieces(Math.min(gramPiece, this.#dim - start), (piece, p) => {
      this.#fillNoise(piece, start, localStep, p)
    })
  }

  /** One piece for every direction of a step, filled in; valid until the next call. */
  #pieces(length: number, fill: (piece: Float32Array, p: number) => void): Float32Array[] {
    return Array.from({ length: this.#perturbations }, (_, p) => {
      const piece = this.#scratch.subarray(p * gramPiece, p * gramPiece + length)
      fill(piece, p)
      return piece
    })
  }

  /**
   * Makes a direction piece by piece and keeps it, if there is room.
   * @param use called with each piece, from its first coordinate on
   * @returns whether there was room
   */
  #make(
    localStep: number,
    perturbation: number,
    use: (z: Float32Array, from: number) => void,
  ): boolean {
    const key = this.#key(localStep, perturbation)
    const room = this.#kept.room(key)
    if (room === undefined) return false
    for (const [from, to] of piecesOf(this.#dim)) {
      const piece = room.subarray(from, to)
      const z = this.#made?.subarray(0, to - from) ?? piece
      this.#fill(z, this.#metric?.subarray(from, to), from, localStep, perturbation)
      use(z, from)
      if (z !== piece) piece.set(z)
    }
    this.#kept.add(key)
    return true
  }

  /**
   * out = z_{k,p} on the stretch that begins at `start`, a multiple of 16, fresh.
   * @param metric of the stretch; none where directions lean or are low-rank
   */
  #fill(
    out: Float32Array,
    metric: Float32Array | undefined,
    start: number,
    localStep: number,
    perturbation: number,
  ): void {
    const lean = this.#lean
    if (this.#isPlain) {
      const { address, scale } = this.#source(localStep, perturbation)
      this.#kernels.direction(out, metric, this.#distribution, address, start, scale)
    } else if (lean === undefined) this.#fillNoise(out, start, localStep, perturbation)
    else {
      const noise = this.#noise!.subarray(0, out.length)
      this.#fillNoise(noise, start, localStep, perturbation)
      out.fill(0)
      this.#kernels.accumulate(out, noise, lean.share)
      const axis = lean.axis.subarray(start, start + out.length)
      this.#kernels.accumulate(out, axis, lean.weight)
    }
  }

  /** out = u_{k,p} on the stretch that begins at `start`, a multiple of 16. */
  #fillNoise(out: Float32Array, start: number, localStep: number, perturbation: number): void {
    const { address, scale } = this.#source(localStep, perturbation)
    if (this.#lowRank !== undefined) this.#lowRank.fill(out, address, start)
    else this.#kernels.noise(out, this.#distribution, address, start, scale)
  }

  /** k·P + p: the number among the directions of the round, and in the stream of its seed. */
  #key(localStep: number, perturbation: number): number {
    return localStep * this.#perturbations + perturbation
  }

  #source(localStep: number, perturbation: number): { address: NoiseAddress; scale: number } {
    const key = this.#key(localStep, perturbation)
    const address = { seed: this.#seed, perturbation: key }
    if (this.#distribution !== 'sphere') return { address, scale: 1 }
    let scale = this.#scales.get(key)
    if (scale === undefined) {
      scale = sphereScale(this.#kernels.squaredNorm(address, this.#dim), this.#dim)
      this.#scales.set(key, scale)
    }
    return { address, scale }
  }
}

/** [from, to) of each piece of a vector. */
function* piecesOf(length: number): Generator<readonly [number, number], void> {
  for (let from = 0; from < length; from += madePiece)
    yield [from, Math.min(length, from + madePiece)]
}

/**
 * The directions z_{k,p} of one round, as a replica sees them: a pure function of the round's seed
 * and H_r. They are kept while memory lasts and regenerated otherwise; the bits are the same.
 */
import type { Kernels, NoiseAddress } from '../kernels/index.ts'
import type { ScalarMethod } from '../methods/index.ts'
import { sphereScale } from '../random/index.ts'
import type { KeptDirections } from './keptDirections.ts'

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
export const madePiece = 16_384

export class Directions {
  readonly #kernels: Kernels
  readonly #dim: number
  readonly #distribution: ScalarMethod['distribution']
  readonly #kept: KeptDirections
  /** Where a piece of a direction is made if it is stored in other memory than the kernels'. */
  readonly #made: Float32Array | undefined
  /** √H of a stretch. */
  readonly #root: Float32Array
  readonly #scales = new Map<number, number>()
  /** A piece of every direction of a step. */
  readonly #scratch: Float32Array
  readonly #grams = new Map<number, Float64Array>()
  #seed = 0
  #perturbations = 1
  #metric: Float32Array | undefined

  /**
   * @param isShared whether `kept` lies in other memory than the kernels'
   * @param gramLength `gramPiece` times the most directions that a step may have, or 0 where
   *   neither Gram matrices nor curvatures are asked for
   */
  constructor(
    kernels: Kernels,
    dim: number,
    distribution: ScalarMethod['distribution'],
    kept: KeptDirections,
    isShared: boolean,
    gramLength: number,
  ) {
    this.#kernels = kernels
    this.#dim = dim
    this.#distribution = distribution
    this.#kept = kept
    this.#root = kernels.vector(stretchLength)
    this.#made = isShared ? kernels.vector(madePiece) : undefined
    this.#scratch = kernels.vector(gramLength)
  }

  /**
   * Starts a round. `metric` must keep its values until the last use of a direction that is not
   * kept.
   * @param metric see `Direction.metric`
   * @param position see `KeptDirections.start`
   */
  start(
    seed: number,
    perturbations: number,
    metric: Float32Array | undefined,
    position: number,
  ): void {
    this.#seed = seed
    this.#perturbations = perturbations
    this.#metric = metric
    this.#kept.start(position)
    this.#scales.clear()
    this.#grams.clear()
  }

  /** Whether these are the directions of the round with this seed. */
  matches(seed: number, perturbations: number): boolean {
    return seed === this.#seed && perturbations === this.#perturbations
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
      const { address, scale } = this.#source(localStep, p)
      this.#kernels.noise(piece, this.#distribution, address, start, scale)
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
    const { address, scale } = this.#source(localStep, perturbation)
    for (let from = 0; from < this.#dim; from += madePiece) {
      const to = Math.min(this.#dim, from + madePiece)
      const piece = room.subarray(from, to)
      const z = this.#made?.subarray(0, to - from) ?? piece
      const metric = this.#metric?.subarray(from, to)
      this.#kernels.direction(z, metric, this.#distribution, address, from, scale)
      use(z, from)
      if (z !== piece) piece.set(z)
    }
    this.#kept.add(key)
    return true
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

/** Adds Σ_i w_i a_i b_i over one piece of each pair of directions, for q ≤ p; w = 1 if left out. */
function addProducts(
  sums: Float64Array,
  pieces: readonly Float32Array[],
  weights?: Float64Array,
): void {
  for (const [p, a] of pieces.entries()) {
    for (let q = 0; q <= p; q++) {
      const b = pieces[q]!
      let sum = 0
      if (weights === undefined) for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
      else for (let i = 0; i < a.length; i++) sum += weights[i]! * a[i]! * b[i]!
      sums[p * pieces.length + q]! += sum
    }
  }
}

/** Divides the lower triangle and writes it over the upper. */
function mirrored(matrix: Float64Array, size: number, divisor: number): Float64Array {
  for (let p = 0; p < size; p++)
    for (let q = 0; q <= p; q++)
      matrix[q * size + p] = matrix[p * size + q] = matrix[p * size + q]! / divisor
  return matrix
}

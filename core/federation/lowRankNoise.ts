/**
 * Noise that is low-rank on every matrix: u = U Vᵀ / √r, with U and V from the Gaussian stream of
 * the direction. It takes r(m + n) random numbers for a matrix of m · n. As its entries are sums of
 * r products of independent normals, E[u uᵀ] = I still holds.
 *
 * A tensor of two or more axes is a matrix: its first axis has the rows, all others together, row
 * by row, the columns (a convolution's output channels × everything else). It stays dense where r(m
 * + n) ≥ m·n, and so do vectors.
 *
 * @see arXiv 2410.07698 (LOZO), arXiv 2511.16652 (EGGROLL)
 *
 * Differs from LOZO: V is drawn anew for every direction, not kept over several steps.
 */
import type { Kernels, NoiseAddress } from '../kernels/index.ts'
import type { TensorShape } from '../methods/index.ts'
import { lowRankLayout, type LowRankLayout, type LowRankPart } from '../model/index.ts'

/** The low-rank directions of a round; their factors are kept until the next. */
export class LowRankNoise {
  readonly #kernels: Kernels
  readonly #layout: LowRankLayout
  /** Where the kernels write numbers. */
  readonly #piece: Float32Array
  /** U and V of a direction, by its number in the stream. */
  readonly #factors = new Map<number, Float32Array>()

  /**
   * @param tensors in the order of x
   * @param piece in the kernels' memory, a multiple of 16
   * @throws HisoError CONFIG_INVALID where no tensor has a form of rank r smaller than itself
   */
  constructor(
    kernels: Kernels,
    tensors: readonly TensorShape[],
    rank: number,
    piece: Float32Array,
  ) {
    this.#kernels = kernels
    this.#layout = lowRankLayout(tensors, rank)
    this.#piece = piece
  }

  /** Forgets the last round's. */
  start(): void {
    this.#factors.clear()
  }

  /** out = u on the stretch that begins at `start`. */
  fill(out: Float32Array, address: NoiseAddress, start: number): void {
    fillLowRank(out, this.#layout, this.#factorsAt(address), start)
  }

  #factorsAt(address: NoiseAddress): Float32Array {
    const made = this.#factors.get(address.perturbation)
    if (made !== undefined) return made
    const factors = new Float32Array(this.#layout.length)
    for (let from = 0; from < factors.length; from += this.#piece.length) {
      const piece = this.#piece.subarray(0, Math.min(this.#piece.length, factors.length - from))
      this.#kernels.noise(piece, 'gaussian', address, from, 1)
      factors.set(piece, from)
    }
    scaleFactors(this.#layout, factors)
    this.#factors.set(address.perturbation, factors)
    return factors
  }
}

/**
 * out = u on the stretch that begins at `start`; every product and sum is rounded to float32, k
 * ascending.
 * @param factors see `scaleFactors`
 */
function fillLowRank(
  out: Float32Array,
  { parts }: LowRankLayout,
  factors: Float32Array,
  start: number,
): void {
  const end = start + out.length
  for (const part of parts) {
    const size = part.rows * part.columns
    const [from, to] = [Math.max(start, part.start), Math.min(end, part.start + size)]
    if (from >= to) continue
    if (part.rank === 0) {
      const at = part.at - part.start
      out.set(factors.subarray(from + at, to + at), from - start)
      continue
    }
    for (let row = Math.floor((from - part.start) / part.columns); row < part.rows; row++) {
      const begin = part.start + row * part.columns
      if (begin >= to) break
      const [first, last] = [Math.max(from, begin), Math.min(to, begin + part.columns)]
      fillRow(out.subarray(first - start, last - start), part, factors, row, first - begin)
    }
  }
}

/** A stretch of one row, from a column on. */
function fillRow(
  out: Float32Array,
  { rows, columns, rank, at }: LowRankPart,
  factors: Float32Array,
  row: number,
  column: number,
): void {
  for (let k = 0; k < rank; k++) {
    const u = factors[at + row * rank + k]!
    const v = at + rank * rows + k * columns + column
    if (k === 0) for (let j = 0; j < out.length; j++) out[j] = u * factors[v + j]!
    else for (let j = 0; j < out.length; j++) out[j] = out[j]! + Math.fround(u * factors[v + j]!)
  }
}

/** Multiplies every U by float32(1 / √r). @param factors a direction's numbers, in place */
function scaleFactors({ parts }: LowRankLayout, factors: Float32Array): void {
  for (const { rows, rank, at } of parts) {
    const scale = Math.fround(1 / Math.sqrt(rank))
    for (let j = at; j < at + rank * rows; j++) factors[j] = factors[j]! * scale
  }
}

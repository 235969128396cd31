/**
 * Noise that is low-rank on every matrix: u = U Vᵀ / √r, with U and V from the Gaussian stream of
 * the direction. It takes r(m + n) random numbers for a matrix of m · n. As its entries are sums of
 * r products of independent normals, E[u uᵀ] = I still holds.
 *
 * Which tensors are matrices: `lowRankLayout`.
 *
 * @see arXiv 2410.07698 (LOZO), arXiv 2511.16652 (EGGROLL)
 *
 * Differs from LOZO: V is drawn anew for every direction, not kept over several steps.
 */
import type { Factors, Kernels, NoiseAddress } from '../kernels/index.ts'
import type { LowRankLayout, LowRankPart } from '../model/index.ts'

/** The low-rank directions of a round; their factors are kept until the next. */
export class LowRankNoise {
  readonly layout: LowRankLayout
  readonly #kernels: Kernels
  /** Where the kernels write numbers. */
  readonly #piece: Float32Array
  /** Room for the factors of the first directions, where the kernels are fast. */
  readonly #room: readonly Float32Array[]
  /** U and V of a direction, by its number in the stream. */
  readonly #factors = new Map<number, Float32Array>()

  /**
   * @param layout of the trainables
   * @param piece in the kernels' memory, a multiple of 16
   * @param keptFactors directions whose factors lie in the kernels' own memory
   */
  constructor(kernels: Kernels, layout: LowRankLayout, piece: Float32Array, keptFactors: number) {
    this.#kernels = kernels
    this.layout = layout
    this.#piece = piece
    this.#room = Array.from({ length: keptFactors }, () => kernels.near(layout.length))
  }

  /** Forgets the last round's. */
  start(): void {
    this.#factors.clear()
  }

  /** out = u on the stretch that begins at `start`. */
  fill(out: Float32Array, address: NoiseAddress, start: number): void {
    const factors = this.factorsAt(address)
    for (const { part, from, to } of this.#partsIn(start, out.length)) {
      const own = out.subarray(from - start, to - start)
      if (part.rank > 0) this.#kernels.product(own, matrixOf(part, factors), from - part.start)
      else own.set(factors.subarray(from + part.at - part.start, to + part.at - part.start))
    }
  }

  /** delta += coefficient · u on the stretch that begins at `start`. */
  accumulate(delta: Float32Array, address: NoiseAddress, start: number, coefficient: number): void {
    const factors = this.factorsAt(address)
    const weight = Math.fround(coefficient)
    for (const { part, from, to } of this.#partsIn(start, delta.length)) {
      const own = delta.subarray(from - start, to - start)
      if (part.rank > 0) {
        const matrix = matrixOf(part, factors)
        this.#kernels.accumulateProduct(own, matrix, from - part.start, coefficient)
        continue
      }
      const at = from + part.at - part.start
      for (let j = 0; j < own.length; j++) own[j] = own[j]! + Math.fround(weight * factors[at + j]!)
    }
  }

  /** U, times float32(1 / √r), and V of a direction; valid until the next round. */
  factorsAt(address: NoiseAddress): Float32Array {
    const made = this.#factors.get(address.perturbation)
    if (made !== undefined) return made
    const factors = this.#room[this.#factors.size] ?? new Float32Array(this.layout.length)
    for (let from = 0; from < factors.length; from += this.#piece.length) {
      const piece = this.#piece.subarray(0, Math.min(this.#piece.length, factors.length - from))
      this.#kernels.noise(piece, 'gaussian', address, from, 1)
      factors.set(piece, from)
    }
    scaleFactors(this.layout, factors)
    this.#factors.set(address.perturbation, factors)
    return factors
  }

  /** The parts that have coordinates on a stretch, and which. */
  *#partsIn(start: number, length: number): Generator<PartOfStretch, void> {
    const { parts } = this.layout
    const end = start + length
    for (let index = firstPartAt(parts, start); index < parts.length; index++) {
      const part = parts[index]!
      if (part.start >= end) return
      const to = Math.min(end, part.start + part.rows * part.columns)
      yield { part, from: Math.max(start, part.start), to }
    }
  }
}

/** The coordinates [from, to) of a part. */
interface PartOfStretch {
  readonly part: LowRankPart
  readonly from: number
  readonly to: number
}

/** The index of the last part that begins at a coordinate or before it. */
function firstPartAt(parts: readonly LowRankPart[], coordinate: number): number {
  let [low, high] = [0, parts.length - 1]
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (parts[middle]!.start <= coordinate) low = middle
    else high = middle - 1
  }
  return low
}

function matrixOf({ at, rows, columns, rank }: LowRankPart, factors: Float32Array): Factors {
  const split = at + rank * rows
  return {
    left: factors.subarray(at, split),
    right: factors.subarray(split, split + rank * columns),
    rank,
  }
}

/** Multiplies every U by float32(1 / √r). @param factors a direction's numbers, in place */
function scaleFactors({ parts }: LowRankLayout, factors: Float32Array): void {
  for (const { rows, rank, at } of parts) {
    const scale = Math.fround(1 / Math.sqrt(rank))
    for (let j = at; j < at + rank * rows; j++) factors[j] = factors[j]! * scale
  }
}

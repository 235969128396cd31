/**
 * The true diagonal of the Hessian: by formula, coordinate by coordinate, or estimated from random
 * probes with its error.
 */
import type { RandomStream } from '../random/index.ts'
import { diagonalByCoordinates, hessianOperator } from './differences.ts'
import type { LossSurface } from './lossSurface.ts'

export interface Estimate {
  readonly value: number
  /** Standard error; 0 if nothing is sampled. */
  readonly error: number
}

export interface TrueDiagonal {
  readonly source: 'formula' | 'coordinates' | 'probes'
  /** Σ_jj, float64[d] */
  readonly values: Float64Array
  /** Standard error of each, float64[d]; undefined if nothing is sampled. */
  readonly errors: Float64Array | undefined
  /** The same from every other probe only: two halves that share no noise. */
  readonly halves: readonly [Float64Array, Float64Array] | undefined
  /** Tr(M⁻¹ Σ) for each requested metric. */
  readonly traces: readonly Estimate[]
}

/** @param probes the number of random probes, at least 2, or every coordinate */
export async function trueDiagonal(
  surface: LossSurface,
  params: Float32Array,
  probes: number | 'exact',
  metrics: readonly Float32Array[],
  stream: RandomStream,
): Promise<TrueDiagonal> {
  const { closedDiagonal } = surface
  if (closedDiagonal === undefined && probes !== 'exact')
    return probedDiagonal(surface, params, probes, metrics, stream)
  const values =
    closedDiagonal ?? (await diagonalByCoordinates(hessianOperator(surface, params), surface.dim))
  return {
    source: closedDiagonal === undefined ? 'coordinates' : 'formula',
    values,
    errors: undefined,
    halves: undefined,
    traces: metrics.map((metric) => ({ value: weightedTrace(values, metric), error: 0 })),
  }
}

/** Tr(M⁻¹ D) of two diagonals. */
export function weightedTrace(diagonal: Float64Array, metric: ArrayLike<number>): number {
  let sum = 0
  for (let j = 0; j < diagonal.length; j++) sum += diagonal[j]! / metric[j]!
  return sum
}

/**
 * Σ_jj = E[v_j (Σv)_j] for v of independent signs: one application of Σ per probe.
 *
 * @see Bekas, Kokiopoulou, Saad, "An estimator for the diagonal of a matrix", 2007; Hutchinson 1989
 *   for the trace
 */
async function probedDiagonal(
  surface: LossSurface,
  params: Float32Array,
  probes: number,
  metrics: readonly Float32Array[],
  stream: RandomStream,
): Promise<TrueDiagonal> {
  const { dim } = surface
  const apply = hessianOperator(surface, params)
  const sums = [new Float64Array(dim), new Float64Array(dim)] as const
  const squares = new Float64Array(dim)
  const [v, product] = [new Float64Array(dim), new Float64Array(dim)]
  const traces = metrics.map(() => new Moments())
  for (let probe = 0; probe < probes; probe++) {
    fillSigns(v, stream)
    await apply(v, product)
    const sum = sums[probe % 2]!
    for (let j = 0; j < dim; j++) {
      const sample = v[j]! * product[j]!
      product[j] = sample
      sum[j]! += sample
      squares[j]! += sample * sample
    }
    metrics.forEach((metric, i) => traces[i]!.add(weightedTrace(product, metric)))
  }
  const [even, odd] = sums
  const values = even.map((value, j) => (value + odd[j]!) / probes)
  return {
    source: 'probes',
    values,
    errors: values.map((mean, j) =>
      Math.sqrt(Math.max(0, squares[j]! / probes - mean * mean) / (probes - 1)),
    ),
    halves: [
      even.map((value) => value / Math.ceil(probes / 2)),
      odd.map((value) => value / Math.floor(probes / 2)),
    ],
    traces: traces.map((moments) => moments.estimate()),
  }
}

/** ±1, 32 from each word of the stream. */
export function fillSigns(v: Float64Array, stream: RandomStream): void {
  let word = 0
  for (let j = 0; j < v.length; j++) {
    if (j % 32 === 0) word = stream.uint32()
    v[j] = (word & 1) === 1 ? 1 : -1
    word >>>= 1
  }
}

/** Mean and standard error of a sample, value by value (Welford). */
class Moments {
  #count = 0
  #mean = 0
  #squares = 0

  add(value: number): void {
    this.#count++
    const off = value - this.#mean
    this.#mean += off / this.#count
    this.#squares += off * (value - this.#mean)
  }

  estimate(): Estimate {
    const variance = this.#squares / (this.#count - 1)
    return { value: this.#mean, error: Math.sqrt(variance / this.#count) }
  }
}

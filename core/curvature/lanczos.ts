/** The spectrum of a large symmetric operator from k applications of it. */
import { tridiagonalEigen } from './tridiagonal.ts'
import type { Operator } from './lossSurface.ts'
import { dot, norm } from './vectors.ts'

/** Eigenvalues as Lanczos estimates them. All ascending, of one length. */
export interface RitzValues {
  readonly values: Float64Array
  /** Share of the eigenvalues (0 to 1) that each stands for, seen from the start vector; sum 1. */
  readonly weights: Float64Array
  /**
   * ‖A y − θ y‖, and what the operator itself was measured to be off: an eigenvalue lies no further
   * than this from each value.
   */
  readonly residuals: Float64Array
}

/** A basis vector so much shorter than the operator's image is rounding: the space is exhausted. */
const exhausted = 1e-10

/**
 * k steps from a random start, each new vector made orthogonal to all before, twice: without it
 * copies of large eigenvalues appear. One more application, to the vector y of the largest value,
 * measures the operator: an operator of float32 gradients or of differences is linear only up to an
 * error, which Lanczos' own residuals do not see.
 *
 * @param start float64[d], not 0
 * @param steps k; fewer are taken where the space is exhausted
 * @see Golub and Van Loan, "Matrix computations", 4th ed., 10.1-10.3; Ubaru, Chen, Saad 2017 for
 *   the weights
 */
export async function lanczos(
  apply: Operator,
  start: Float64Array,
  steps: number,
): Promise<RitzValues> {
  const dim = start.length
  const basis: Float64Array[] = []
  const alpha: number[] = []
  const beta: number[] = []
  const length = norm(start)
  let next = start.map((value) => value / length)
  let rest = 0
  while (basis.length < Math.min(steps, dim)) {
    const q = next
    basis.push(q)
    const w = new Float64Array(dim)
    await apply(q, w)
    const size = norm(w)
    alpha.push(dot(q, w))
    for (let pass = 0; pass < 2; pass++) for (const earlier of basis) subtractAlong(w, earlier)
    rest = norm(w)
    if (rest <= exhausted * size) {
      rest = 0
      break
    }
    beta.push(rest)
    next = w.map((value) => value / rest)
  }
  const { values, components } = tridiagonalEigen(
    Float64Array.from(alpha),
    Float64Array.from(beta.slice(0, alpha.length - 1)),
  )
  const residuals = components.at(-1)!.map((value) => Math.abs(rest * value))
  const largest = Math.abs(values[0]!) > Math.abs(values.at(-1)!) ? 0 : values.length - 1
  const y = new Float64Array(dim)
  basis.forEach((q, i) => subtractTimes(y, q, -components[i]![largest]!))
  const image = new Float64Array(dim)
  await apply(y, image)
  subtractTimes(image, y, values[largest]!)
  const operatorError = Math.max(0, norm(image) - residuals[largest]!)
  return {
    values,
    weights: components[0]!.map((value) => value * value),
    residuals: residuals.map((residual) => residual + operatorError),
  }
}

/** Applications of the operator that k steps take. */
export function lanczosApplications(steps: number, dim: number): number {
  return Math.min(steps, dim) + 1
}

function subtractAlong(w: Float64Array, unit: Float64Array): void {
  subtractTimes(w, unit, dot(w, unit))
}

/** w −= factor · v */
function subtractTimes(w: Float64Array, v: Float64Array, factor: number): void {
  for (let j = 0; j < w.length; j++) w[j]! -= factor * v[j]!
}

/** The largest |eigenvalue| found. */
export function spectralNorm({ values }: RitzValues): number {
  return Math.max(Math.abs(values[0]!), Math.abs(values.at(-1)!))
}

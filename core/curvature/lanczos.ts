/** The spectrum of a large symmetric operator, from k applications of it. */
import { tridiagonalEigen } from './tridiagonal.ts'
import type { Operator } from './lossSurface.ts'
import { dot, norm } from './vectors.ts'

/** Eigenvalues as Lanczos sees them. All ascending, of one length. */
export interface RitzValues {
  readonly values: Float64Array
  /** Share of the eigenvalues (0 to 1) that each stands for, seen from the start vector; sum 1. */
  readonly weights: Float64Array
  /** ‖A y − θ y‖: an eigenvalue lies no further than this from each value. */
  readonly residuals: Float64Array
}

/**
 * A basis vector that is this much shorter than its operator's image was is rounding: the space is
 * exhausted.
 */
const exhausted = 1e-10

/**
 * k steps from a random start, each new vector made orthogonal to all before, twice: without it
 * copies of large eigenvalues appear.
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
  const { values, first, last } = tridiagonalEigen(
    Float64Array.from(alpha),
    Float64Array.from(beta.slice(0, alpha.length - 1)),
  )
  return {
    values,
    weights: first.map((value) => value * value),
    residuals: last.map((value) => Math.abs(rest * value)),
  }
}

function subtractAlong(w: Float64Array, unit: Float64Array): void {
  const share = dot(w, unit)
  for (let j = 0; j < w.length; j++) w[j]! -= share * unit[j]!
}

/** The largest |eigenvalue| that was found. */
export function spectralNorm({ values }: RitzValues): number {
  return Math.max(Math.abs(values[0]!), Math.abs(values.at(-1)!))
}

/** Eigenvalues and eigenvectors of a small symmetric tridiagonal matrix: what Lanczos needs. */

export interface TridiagonalEigen {
  /** Ascending, float64[k]. */
  readonly values: Float64Array
  /** The normalised eigenvectors' components: those of index i, in the same order. */
  readonly components: readonly Float64Array[]
}

/** The most sweeps for one eigenvalue; three are usual. */
const maxSweeps = 60

/**
 * Implicit QL with Wilkinson's shifts.
 *
 * @param diagonal α, float64[k]
 * @param beside β, float64[k − 1]
 * @see Martin and Wilkinson, "The implicit QL algorithm", 1968 (EISPACK imtql2)
 */
export function tridiagonalEigen(diagonal: Float64Array, beside: Float64Array): TridiagonalEigen {
  const k = diagonal.length
  const d = diagonal.slice()
  const e = new Float64Array(k)
  e.set(beside)
  const rows = Array.from({ length: k }, (_, i) => {
    const row = new Float64Array(k)
    row[i] = 1
    return row
  })
  for (let l = 0; l < k; l++) {
    for (let sweep = 0; ; sweep++) {
      const m = splitAfter(d, e, l)
      if (m === l) break
      if (sweep === maxSweeps) throw new Error('an eigenvalue of a tridiagonal matrix is not found')
      sweepOnce(d, e, rows, l, m)
    }
  }
  const order = Array.from(d.keys()).sort((a, b) => d[a]! - d[b]!)
  const inOrder = (values: Float64Array) => Float64Array.from(order, (i) => values[i]!)
  return { values: inOrder(d), components: rows.map(inOrder) }
}

/** The first index from l on after which the matrix splits. */
function splitAfter(d: Float64Array, e: Float64Array, l: number): number {
  for (let m = l; m < d.length - 1; m++) {
    const size = Math.abs(d[m]!) + Math.abs(d[m + 1]!)
    if (Math.abs(e[m]!) <= Number.EPSILON * size) return m
  }
  return d.length - 1
}

function sweepOnce(
  d: Float64Array,
  e: Float64Array,
  rows: readonly Float64Array[],
  l: number,
  m: number,
): void {
  const half = (d[l + 1]! - d[l]!) / (2 * e[l]!)
  const root = Math.hypot(half, 1)
  let g = d[m]! - d[l]! + e[l]! / (half + (half >= 0 ? root : -root))
  let s = 1
  let c = 1
  let p = 0
  for (let i = m - 1; i >= l; i--) {
    let f = s * e[i]!
    const b = c * e[i]!
    let r = Math.hypot(f, g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1]! -= p
      e[m] = 0
      return
    }
    s = f / r
    c = g / r
    g = d[i + 1]! - p
    r = (d[i]! - g) * s + 2 * c * b
    p = s * r
    d[i + 1] = g + p
    g = c * r - b
    for (const row of rows) {
      f = row[i + 1]!
      row[i + 1] = s * row[i]! + c * f
      row[i] = c * row[i]! - s * f
    }
  }
  d[l]! -= p
  e[l] = g
  e[m] = 0
}

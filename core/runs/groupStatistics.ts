/**
 * Statistics over runs that differ only by seed: mean, standard deviation and the 95% confidence
 * band of the mean, aligned on x. They cover whole curves, whatever part is on screen.
 */

/** A measured curve: x does not fall; points without a measured y are left out beforehand. */
export interface Curve {
  readonly x: Float64Array
  readonly y: Float64Array
}

/** One element per x of the common grid. */
export interface GroupCurve {
  readonly x: Float64Array
  /** How many of the curves reach this x. */
  readonly n: Uint32Array
  readonly mean: Float64Array
  /** Sample standard deviation (n − 1); NaN if n < 2. */
  readonly std: Float64Array
  /**
   * Half the width of the 95% confidence interval of the mean, t·s/√n with Student's t; NaN if n <
   * 2.
   */
  readonly halfWidth: Float64Array
}

/** Summary of a set of single numbers. */
export interface SampleSummary {
  readonly n: number
  readonly mean: number
  readonly std: number
  readonly halfWidth: number
}

/** A larger common grid is thinned: no screen has more pixels. */
const maximumGrid = 10_000

/** Two-sided 95% quantiles of Student's t for 1 to 30 degrees of freedom. */
const studentT = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
] as const

/**
 * The two-sided 95% quantile of Student's t; tabulated to 30 degrees of freedom, then by the
 * Cornish-Fisher expansion around the normal quantile, correct to three decimals.
 */
export function studentQuantile(degrees: number): number {
  if (degrees < 1) return NaN
  const tabulated = studentT[degrees - 1]
  if (tabulated !== undefined) return tabulated
  const z = 1.959964
  return z + (z ** 3 + z) / (4 * degrees) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * degrees ** 2)
}

/** @param values one per run; NaN values are left out */
export function summarize(values: readonly number[]): SampleSummary {
  const sample = new Sample()
  for (const value of values) sample.add(value)
  return sample.summary()
}

/**
 * Mean and spread of curves at every x of a common grid: all x that occur in any of them, thinned
 * evenly if there are very many. A curve is interpolated between its own points; it does not count
 * before its first and after its last.
 */
export function groupCurves(curves: readonly Curve[]): GroupCurve {
  const x = commonGrid(curves.filter((curve) => curve.x.length > 0))
  const n = new Uint32Array(x.length)
  const mean = new Float64Array(x.length)
  const std = new Float64Array(x.length)
  const halfWidth = new Float64Array(x.length)
  const readers = curves.map((curve) => new CurveReader(curve))
  for (let at = 0; at < x.length; at++) {
    const sample = new Sample()
    for (const reader of readers) sample.add(reader.at(x[at]!))
    const summary = sample.summary()
    n[at] = summary.n
    mean[at] = summary.mean
    std[at] = summary.std
    halfWidth[at] = summary.halfWidth
  }
  return { x, n, mean, std, halfWidth }
}

/**
 * Welford's running mean and variance: loses no digits where the spread is small beside the mean.
 */
class Sample {
  #n = 0
  #mean = 0
  #squares = 0

  add(value: number): void {
    if (Number.isNaN(value)) return
    this.#n++
    const deviation = value - this.#mean
    this.#mean += deviation / this.#n
    this.#squares += deviation * (value - this.#mean)
  }

  summary(): SampleSummary {
    const n = this.#n
    const std = n > 1 ? Math.sqrt(this.#squares / (n - 1)) : NaN
    return {
      n,
      mean: n > 0 ? this.#mean : NaN,
      std,
      halfWidth: n > 1 ? (studentQuantile(n - 1) * std) / Math.sqrt(n) : NaN,
    }
  }
}

/** Reads a curve at ascending x, each time from its last position. */
class CurveReader {
  readonly #curve: Curve
  #at = 0

  constructor(curve: Curve) {
    this.#curve = curve
  }

  at(x: number): number {
    const { x: own, y } = this.#curve
    const last = own.length - 1
    if (last < 0 || x < own[0]! || x > own[last]!) return NaN
    while (this.#at < last && own[this.#at + 1]! <= x) this.#at++
    const left = own[this.#at]!
    if (left === x || this.#at === last) return y[this.#at]!
    const share = (x - left) / (own[this.#at + 1]! - left)
    return y[this.#at]! * (1 - share) + y[this.#at + 1]! * share
  }
}

function commonGrid(curves: readonly Curve[]): Float64Array {
  const [first] = curves
  if (first === undefined) return new Float64Array()
  const all = curves.every((curve) => isSame(curve.x, first.x)) ? first.x : mergeAll(curves)
  if (all.length <= maximumGrid) return all
  const step = (all.length - 1) / (maximumGrid - 1)
  return Float64Array.from({ length: maximumGrid }, (_, at) => all[Math.round(at * step)]!)
}

function mergeAll(curves: readonly Curve[]): Float64Array {
  const all = new Float64Array(curves.reduce((sum, { x }) => sum + x.length, 0))
  let length = 0
  for (const { x } of curves) {
    all.set(x, length)
    length += x.length
  }
  all.sort()
  return all.filter((value, at) => at === 0 || value !== all[at - 1])
}

function isSame(a: Float64Array, b: Float64Array): boolean {
  return a === b || (a.length === b.length && a.every((value, at) => value === b[at]))
}

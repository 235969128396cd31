/** A spectrum for people: the density of the eigenvalues, and the outermost of them. */
import type { RitzValues } from './lanczos.ts'

export interface SpectrumSummary {
  /** Eigenvalues at the upper end, descending, each with its possible error. */
  readonly top: Float64Array
  readonly topErrors: Float64Array
  /** The least eigenvalue found. */
  readonly smallest: number
  /** Share of all eigenvalues below 0. */
  readonly negativeShare: number
  /** The points of the density. */
  readonly at: Float64Array
  /**
   * Share of the eigenvalues per unit, each smoothed by a Gaussian as wide as a fiftieth of the
   * range; its integral is 1.
   */
  readonly density: Float64Array
}

const topCount = 10
const gridPoints = 201
const smearing = 1 / 50

export function summarizeSpectrum({ values, weights, residuals }: RitzValues): SpectrumSummary {
  const [low, high] = [values[0]!, values.at(-1)!]
  const range = high - low || Math.abs(high) || 1
  const width = range * smearing
  const from = low - 4 * width
  const step = (range + 8 * width) / (gridPoints - 1)
  const at = Float64Array.from({ length: gridPoints }, (_, i) => from + i * step)
  return {
    top: values.slice(-topCount).reverse(),
    topErrors: residuals.slice(-topCount).reverse(),
    smallest: low,
    negativeShare: values.reduce((sum, value, i) => (value < 0 ? sum + weights[i]! : sum), 0),
    at,
    density: at.map((place) =>
      values.reduce((sum, value, i) => sum + weights[i]! * gaussian(place - value, width), 0),
    ),
  }
}

function gaussian(offset: number, width: number): number {
  return Math.exp(-0.5 * (offset / width) ** 2) / (width * Math.sqrt(2 * Math.PI))
}

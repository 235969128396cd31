/** How far apart the values of a diagonal are: 0 for an isotropic one. */
import { meanOf } from './correlation.ts'

export interface Spread {
  readonly mean: number
  /** Standard deviation over |mean|, without the share that is noise. */
  readonly relative: number
  readonly smallest: number
  readonly median: number
  readonly largest: number
}

/** @param errors standard errors of the values, where they are estimates */
export function spreadOf(values: Float32Array | Float64Array, errors?: Float64Array): Spread {
  const mean = meanOf(values)
  let squares = 0
  for (const value of values) squares += (value - mean) ** 2
  let noise = 0
  for (const error of errors ?? []) noise += error * error
  const sorted = values.slice().sort()
  const variance = Math.max(0, squares - noise) / values.length
  return {
    mean,
    relative: Math.sqrt(variance) / Math.abs(mean),
    smallest: sorted[0]!,
    median: sorted[sorted.length >> 1]!,
    largest: sorted.at(-1)!,
  }
}

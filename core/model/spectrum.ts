/** The diagonal Hessians that the analytic quadratic can have. */
import type { SpectrumSettings } from '../config/index.ts'
import { assertNever } from '../base/index.ts'
import { exp, log } from '../random/index.ts'

/**
 * λ, the diagonal of the Hessian Σ, in the order of the coordinates (never increasing).
 *
 * - flat: λ_j = L
 * - power-law: λ_j = L · j^(−exponent), j from 1
 * - low-rank: λ_j = L for the first `rank` coordinates, `smallest` for the others
 *
 * @returns float64[dim], the same bits on every machine
 */
export function quadraticSpectrum(spectrum: SpectrumSettings, dim: number): Float64Array {
  const lambda = new Float64Array(dim)
  switch (spectrum.kind) {
    case 'flat':
      return lambda.fill(spectrum.largest)
    case 'power-law':
      for (let j = 0; j < dim; j++)
        lambda[j] = spectrum.largest * exp(-spectrum.exponent * log(j + 1))
      return lambda
    case 'low-rank':
      return lambda.fill(spectrum.smallest).fill(spectrum.largest, 0, spectrum.rank)
    default:
      return assertNever(spectrum)
  }
}

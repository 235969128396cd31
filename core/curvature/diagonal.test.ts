import { describe, expect, it } from 'vitest'
import { RandomStream } from '../random/index.ts'
import { diagonalOf, matrixWithSpectrum, quadraticSurface } from '../testing/surfaces.ts'
import { trueDiagonal, weightedTrace } from './diagonal.ts'

const dim = 40
const eigenvalues = Array.from({ length: dim }, (_, j) => (j < 3 ? 20 : 1 / (j + 1)))
const matrix = matrixWithSpectrum(eigenvalues, 3)
const surface = quadraticSurface(matrix)
const params = Float32Array.from({ length: dim }, (_, j) => Math.sin(j))
const identity = new Float32Array(dim).fill(1)
const metric = Float32Array.from({ length: dim }, (_, j) => 0.5 + j / 10)
const stream = () => new RandomStream(9, 'curvature')

describe('the true diagonal', () => {
  it('is exact by differences of the gradient, coordinate by coordinate', async () => {
    const { values, source, traces } = await trueDiagonal(
      surface,
      params,
      'exact',
      [identity],
      stream(),
    )
    expect(source).toBe('coordinates')
    diagonalOf(matrix).forEach((value, j) => expect(values[j]).toBeCloseTo(value, 4))
    const trace = eigenvalues.reduce((sum, value) => sum + value, 0)
    expect(traces[0]!.value).toBeCloseTo(trace, 3)
  })

  it('is estimated from probes to within the errors that it states', async () => {
    const truth = diagonalOf(matrix)
    const found = await trueDiagonal(surface, params, 400, [identity, metric], stream())
    const standardised = found.values.map((value, j) => (value - truth[j]!) / found.errors![j]!)
    const square = standardised.reduce((sum, value) => sum + value * value, 0) / dim
    // The mean square of 40 standard normals is 1, give or take 0.22; they are correlated here.
    expect(square).toBeGreaterThan(0.3)
    expect(square).toBeLessThan(2.5)
    found.traces.forEach(({ value, error }, i) => {
      const exact = weightedTrace(truth, i === 0 ? identity : metric)
      expect(Math.abs(value - exact)).toBeLessThan(4 * error)
      expect(error).toBeLessThan(0.1 * exact)
    })
    const [even, odd] = found.halves!
    found.values.forEach((value, j) => expect((even[j]! + odd[j]!) / 2).toBeCloseTo(value, 9))
  })

  it('takes a formula where there is one, and asks for no gradient', async () => {
    const closedDiagonal = diagonalOf(matrix)
    const gradient = () => Promise.reject(new Error('no gradient is needed'))
    const found = await trueDiagonal(
      { ...surface, gradient, closedDiagonal },
      params,
      100,
      [metric],
      stream(),
    )
    expect(found).toMatchObject({ source: 'formula', values: closedDiagonal, errors: undefined })
    expect(found.traces[0]).toEqual({ value: weightedTrace(closedDiagonal, metric), error: 0 })
  })
})

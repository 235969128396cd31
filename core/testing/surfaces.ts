/** Loss surfaces whose Hessian is known, for tests of the Hessian lab. */
import type { LossSurface } from '../curvature/index.ts'
import { RandomStream } from '../random/index.ts'

/** A symmetric matrix, row by row, float64[d · d]. */
export type Matrix = Float64Array

/** Q diag(λ) Qᵀ, Q a product of three random reflections: no eigenvector lies along an axis. */
export function matrixWithSpectrum(eigenvalues: readonly number[], seed: number): Matrix {
  const d = eigenvalues.length
  const matrix = new Float64Array(d * d)
  eigenvalues.forEach((value, j) => (matrix[j * d + j] = value))
  const stream = new RandomStream(seed, 'objective')
  for (let reflection = 0; reflection < 3; reflection++) {
    const v = Float64Array.from({ length: d }, () => stream.normal())
    const length = Math.hypot(...v)
    for (let j = 0; j < d; j++) v[j]! /= length
    for (const [across, along] of [
      [d, 1],
      [1, d],
    ] as const)
      for (let row = 0; row < d; row++) {
        let projection = 0
        for (let j = 0; j < d; j++) projection += v[j]! * matrix[row * across + j * along]!
        for (let j = 0; j < d; j++) matrix[row * across + j * along]! -= 2 * projection * v[j]!
      }
  }
  return matrix
}

/** f(x) = ½ xᵀAx */
export function quadraticSurface(matrix: Matrix): LossSurface {
  const dim = Math.sqrt(matrix.length)
  const gradient = (x: Float32Array, out: Float64Array) => {
    let loss = 0
    for (let i = 0; i < dim; i++) {
      let sum = 0
      for (let j = 0; j < dim; j++) sum += matrix[i * dim + j]! * x[j]!
      out[i] = sum
      loss += (sum * x[i]!) / 2
    }
    return Promise.resolve(loss)
  }
  return { dim, gradient, loss: (x) => gradient(x, new Float64Array(dim)) }
}

export function diagonalOf(matrix: Matrix): Float64Array {
  const dim = Math.sqrt(matrix.length)
  return Float64Array.from({ length: dim }, (_, j) => matrix[j * dim + j]!)
}

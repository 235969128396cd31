/**
 * Which coordinates of x share one value of the diagonal Hessian: each its own, a tensor's rows (or
 * channels), or whole tensors.
 */
import type { HessianSettings } from '../config/index.ts'

export interface TensorShape {
  readonly name: string
  readonly shape: readonly number[]
}

/**
 * Groups are stretches of x: the first coordinate of each, ascending, and d at the end.
 *
 * A row is what one index of a tensor's first axis selects: a row of a matrix, an output channel of
 * a convolution. Vectors, such as biases, are one group: separate values for their elements would
 * be noise.
 *
 * @param tensors in the order of x; none stands for one vector of all parameters
 * @returns uint32[groups + 1]
 */
export function groupStarts(
  shape: HessianSettings['shape'],
  dim: number,
  tensors: readonly TensorShape[],
): Uint32Array {
  if (shape === 'coordinate') return Uint32Array.from({ length: dim + 1 }, (_, index) => index)
  const starts: number[] = []
  let offset = 0
  for (const { shape: lengths } of tensors.length > 0 ? tensors : [{ shape: [dim] }]) {
    const size = lengths.reduce((product, length) => product * length, 1)
    const rows = shape === 'row' && lengths.length > 1 ? lengths[0]! : 1
    for (let row = 0; row < rows; row++) starts.push(offset + (row * size) / rows)
    offset += size
  }
  if (offset !== dim) throw new Error(`the tensors hold ${offset} parameters, not ${dim}`)
  return Uint32Array.from([...starts, dim])
}

/** The group that a coordinate belongs to. */
export function groupAt(starts: Uint32Array, coordinate: number): number {
  let low = 0
  let high = starts.length - 1
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (starts[middle]! <= coordinate) low = middle
    else high = middle
  }
  return low
}

/** Points x + Σ w z of low-rank directions z as the inputs of a grouped graph. */
import type { NamedTensor, NamedTensors } from '../language/graphRunner.ts'
import type { Trainable } from '../trainableGraph.ts'
import type { GroupedTensor } from './groupedGraph.ts'

/** One summand of a point. */
export interface LowRankTerm {
  /** U and V of the direction, U times 1 / √r: see `LowRankLayout`. */
  readonly factors: Float32Array
  /** w */
  readonly weight: number
}

/** x plus these. */
export type LowRankPoint = readonly LowRankTerm[]

/**
 * @param params x, float32[d]; matrices are fed in place
 * @param trainables in the order of `tensors`
 * @param points one per group
 */
export function groupFeeds(
  tensors: readonly GroupedTensor[],
  trainables: readonly Trainable[],
  params: Float32Array,
  points: readonly LowRankPoint[],
): NamedTensors {
  const feeds: Record<string, NamedTensor> = {}
  const terms = points.reduce((most, point) => Math.max(most, point.length), 1)
  for (const [index, tensor] of tensors.entries()) {
    const { offset, size, name, shape } = trainables[index]!
    const x = params.subarray(offset, offset + size)
    const { rows, columns, rank } = tensor.part
    if (tensor.factors === undefined) {
      feeds[name] = { data: stackOf(tensor, x, points), shape: [points.length, ...shape] }
      continue
    }
    const width = terms * rank
    const left = new Float32Array(points.length * rows * width)
    const right = new Float32Array(points.length * width * columns)
    for (const [group, point] of points.entries())
      for (const [term, { factors, weight }] of point.entries()) {
        const at = tensor.part.at
        const own = factors.subarray(at, at + rank * (rows + columns))
        const begin = group * rows * width + term * rank
        scatterScaled(left, begin, width, own, rows, rank, weight)
        const from = (group * width + term * rank) * columns
        right.set(own.subarray(rank * rows), from)
      }
    feeds[name] = { data: x, shape }
    feeds[tensor.factors.left] = { data: left, shape: [points.length, rows, width] }
    feeds[tensor.factors.right] = { data: right, shape: [points.length, width, columns] }
  }
  return feeds
}

/** Writes w · U into `rank` columns of a wider matrix. */
function scatterScaled(
  out: Float32Array,
  begin: number,
  width: number,
  factors: Float32Array,
  rows: number,
  rank: number,
  weight: number,
): void {
  const scale = Math.fround(weight)
  for (let row = 0; row < rows; row++)
    for (let k = 0; k < rank; k++) out[begin + row * width + k] = scale * factors[row * rank + k]!
}

/** x + w z + … of each point, rounded as `Kernels.perturb` does. */
function stackOf(
  { part: { at } }: GroupedTensor,
  x: Float32Array,
  points: readonly LowRankPoint[],
): Float32Array {
  const stack = new Float32Array(points.length * x.length)
  for (const [group, point] of points.entries()) {
    const own = stack.subarray(group * x.length, (group + 1) * x.length)
    own.set(x)
    for (const { factors, weight } of point) {
      const scale = Math.fround(weight)
      for (let j = 0; j < own.length; j++) own[j] = own[j]! + Math.fround(scale * factors[at + j]!)
    }
  }
  return stack
}

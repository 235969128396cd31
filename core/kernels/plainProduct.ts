/** Entries of a low-rank matrix in plain TypeScript, from factors in any memory. */
import type { Factors } from './kernels.ts'

const fround = Math.fround

/** Calls `put` with every index of `length` and its entry of U V. */
function forEachEntry(
  length: number,
  { left, right, rank }: Factors,
  from: number,
  put: (index: number, entry: number) => void,
): void {
  const columns = right.length / rank
  let row = Math.floor(from / columns)
  let column = from % columns
  for (let index = 0; index < length; index++) {
    let entry = fround(left[row * rank]! * right[column]!)
    for (let k = 1; k < rank; k++)
      entry = fround(entry + fround(left[row * rank + k]! * right[k * columns + column]!))
    put(index, entry)
    if (++column < columns) continue
    column = 0
    row++
  }
}

/** See `Kernels.product`. */
export function plainProduct(out: Float32Array, factors: Factors, from: number): void {
  forEachEntry(out.length, factors, from, (index, entry) => (out[index] = entry))
}

/** See `Kernels.accumulateProduct`. */
export function plainAccumulateProduct(
  delta: Float32Array,
  factors: Factors,
  from: number,
  coefficient: number,
): void {
  const weight = fround(coefficient)
  forEachEntry(delta.length, factors, from, (index, entry) => {
    delta[index] = delta[index]! + fround(weight * entry)
  })
}

/** A few values of long vectors, evenly spaced, for people. */
import type { TensorShape } from '../../methods/index.ts'
import type { TensorSample } from '../protocol/walk.ts'

/** Rows and columns of a picture of a tensor, at most. */
const largestSide = 64

/** Positions in [0, length), ascending, evenly spaced; all of them if there are few. */
export function samplePositions(length: number, count: number): Uint32Array {
  const taken = Math.min(length, count)
  return Uint32Array.from({ length: taken }, (_, index) => Math.floor((index * length) / taken))
}

/**
 * The tensor with the most parameters as a matrix, every n-th row and column of a large one.
 * @param vectors float32[d] each
 */
export function sampleTensor(
  tensors: readonly TensorShape[],
  { noise, direction }: { readonly noise: Float32Array; readonly direction: Float32Array },
): TensorSample {
  let offset = 0
  let largest = { name: '', shape: [] as readonly number[], offset: 0, size: 0 }
  for (const { name, shape } of tensors) {
    const size = shape.reduce((product, length) => product * length, 1)
    if (size > largest.size) largest = { name, shape, offset, size }
    offset += size
  }
  const [rows, columns] = matrixOf(largest.shape, largest.size)
  const shownRows = samplePositions(rows, largestSide)
  const shownColumns = samplePositions(columns, largestSide)
  const taken = (vector: Float32Array) =>
    Float32Array.from(
      { length: shownRows.length * shownColumns.length },
      (_, index) =>
        vector[
          largest.offset +
            shownRows[Math.floor(index / shownColumns.length)]! * columns +
            shownColumns[index % shownColumns.length]!
        ]!,
    )
  return {
    name: largest.name,
    shape: largest.shape,
    rows: shownRows.length,
    columns: shownColumns.length,
    noise: taken(noise),
    direction: taken(direction),
  }
}

/** A vector is folded into a square; of more axes the last is the columns. */
function matrixOf(shape: readonly number[], size: number): readonly [number, number] {
  if (shape.length < 2) {
    const columns = Math.max(1, Math.floor(Math.sqrt(size)))
    return [Math.floor(size / columns), columns]
  }
  const columns = shape.at(-1)!
  return [size / columns, columns]
}

/** A point x + Σ w z written out, to compare losses with. */
import { createPlainKernels } from '../../kernels/index.ts'
import type { LowRankPoint } from './groupFeeds.ts'
import type { LowRankLayout } from './lowRankLayout.ts'

/** @param x float32[d] @returns float32[d] */
export function writeOut(
  { parts }: LowRankLayout,
  x: Float32Array,
  point: LowRankPoint,
): Float32Array {
  const kernels = createPlainKernels()
  const out = x.slice()
  for (const { factors, weight } of point)
    for (const { start, rows, columns, rank, at } of parts) {
      const own = out.subarray(start, start + rows * columns)
      const split = at + rank * rows
      if (rank === 0) kernels.accumulate(own, factors.subarray(at, at + own.length), weight)
      else
        kernels.accumulateProduct(
          own,
          {
            left: factors.subarray(at, split),
            right: factors.subarray(split, split + rank * columns),
            rank,
          },
          0,
          weight,
        )
    }
  return out
}

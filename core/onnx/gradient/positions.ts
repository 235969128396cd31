/**
 * Operators that only move entries (Slice, Gather, MaxPool…). The source of each entry, as a
 * position in the flattened input, shows where its gradient belongs.
 */
import type { GraphWriter } from './graphWriter.ts'

/**
 * Adds each entry of a gradient to the entry of x at the given position.
 *
 * @param positions int64 in the shape of the gradient: indices into x, flattened
 * @returns in the shape of x
 */
export function scatterToPositions(
  w: GraphWriter,
  gradient: string,
  positions: string,
  x: string,
): string {
  const size = w.reshape(w.add('Size', [x]), [1])
  const flat = [w.zeros(size, gradient), w.reshape(positions, [-1]), w.reshape(gradient, [-1])]
  return w.reshapeLike(w.add('ScatterElements', flat, { axis: 0, reduction: 'add' }), x)
}

/** int64 in the shape of x: each entry's own position. */
export function positionsOf(w: GraphWriter, x: string): string {
  const [from, step] = [w.integers([0], true), w.integers([1], true)]
  return w.reshapeLike(w.add('Range', [from, w.add('Size', [x]), step]), x)
}

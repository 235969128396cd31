/** The transpose of broadcasting: gradients of values that an operator repeated along some axes. */
import type { GraphWriter } from './graphWriter.ts'

/**
 * Sums a gradient over the axes along which `x` was repeated to the shape of `y`:
 * (∂f/∂x)_i = Σ over all entries j of y that came from x_i of (∂f/∂y)_j.
 *
 * @param gradient in the shape of y, or one that broadcasts to it
 * @returns in the shape of x
 */
export function sumTo(w: GraphWriter, gradient: string, x: string, y: string): string {
  const [from, to] = [w.facts.shape(x), w.facts.shape(y)]
  if (from === undefined || to === undefined) return sumToAtRunTime(w, gradient, x, y)
  const added = to.length - from.length
  const repeated: number[] = []
  for (const [i, length] of from.entries()) {
    const reached = to[i + added]
    if (length === reached) continue
    // An open length may be 1 or not.
    if (length !== 1) return sumToAtRunTime(w, gradient, x, y)
    repeated.push(i)
  }
  const whole = repeated.length + added === 0 ? gradient : w.expandLike(gradient, y)
  const leading = Array.from({ length: added }, (_, i) => i)
  const inner = leading.length === 0 ? whole : w.sum(whole, leading, false)
  const result = repeated.length === 0 ? inner : w.sum(inner, repeated, true)
  return result
}

/**
 * The same with axes that the graph finds when it runs: those where x's length, padded with ones in
 * front, differs from y's.
 */
function sumToAtRunTime(w: GraphWriter, gradient: string, x: string, y: string): string {
  const [own, reached] = [w.shapeOf(x), w.shapeOf(y)]
  const missing = w.sub(w.add('Shape', [reached]), w.add('Shape', [own]))
  const ones = w.add('Expand', [w.integers([1]), missing])
  const padded = w.add('Concat', [ones, own], { axis: 0 })
  const differs = w.add('Not', [w.add('Equal', [padded, reached])])
  const axes = w.reshape(w.add('NonZero', [differs]), [-1])
  const whole = w.expandLike(gradient, y)
  const summed = w.add('ReduceSum', [whole, axes], { keepdims: 1, noop_with_empty_axes: 1 })
  return w.reshapeLike(summed, x)
}

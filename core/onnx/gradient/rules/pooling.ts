/** Gradients of pools over windows and over whole images. */
import { type NodeProto } from '../../onnxModel.ts'
import { sizeOf } from '../../tensorValues.ts'
import { integerOf } from '../attributes.ts'
import type { GraphWriter } from '../graphWriter.ts'
import { scatterToPositions } from '../positions.ts'
import { unknownGradient } from '../refusal.ts'
import type { Differentiated, GradientRule, RuleTable } from '../rule.ts'
import { isStatic, type Shape } from '../shape.ts'
import { ceilModeOf, extentOf, outputLength, windowOf, type Window } from '../window.ts'
import { inputGradient } from './convolution.ts'

const FIXED = 'Export the model with fixed image sizes'

export const poolingRules: RuleTable = {
  // The operator reports the position of each largest entry; the first of equals, as in PyTorch.
  MaxPool: ({ node, inputs: [x = ''], gradient }, w) => {
    if (integerOf(node, 'storage_order', 0) === 1) {
      throw unknownGradient(node, 'with storage_order 1', 'Export it with storage_order 0')
    }
    return [() => scatterToPositions(w, gradient, w.outputOf(node, 1), x)]
  },

  AveragePool: averagePool,

  GlobalAveragePool: ({ inputs: [x = ''], output, gradient }, w) => [
    () => {
      const [whole, part] = [w.sizeOf(x, gradient), w.sizeOf(output, gradient)]
      return w.expandLike(w.div(w.mul(gradient, part), whole), x)
    },
  ],

  // Equal extremes share the gradient.
  GlobalMaxPool: ({ node, inputs: [x = ''], output, gradient }, w) => [
    () => {
      const axes = w.shapeWithin(x, node).map((_, axis) => axis)
      const chosen = w.castLike(w.add('Equal', [x, output]), gradient)
      return w.mul(w.div(gradient, w.sum(chosen, axes.slice(2), true)), chosen)
    },
  ],
}

/**
 * Each output's gradient, divided by the number of entries in its average, goes to each of them: a
 * transposed convolution of every channel with a kernel of ones.
 */
function averagePool(
  { node, inputs: [x = ''], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  return [
    () => {
      const spatial = w.shapeWithin(x, node).slice(2)
      const given = windowOf(node, spatial)
      if (given === undefined) throw unknownGradient(node, 'of open image sizes', FIXED)
      const window = ceilModeOf(node) ? widened(given, node, spatial) : given
      const shares = w.div(gradient, divisors(given, window, node, spatial, gradient, w))
      // Channels become rows of a single channel.
      const rows = w.reshape(shares, w.shape([-1, 1], w.shapeOf(gradient, 2)))
      const image = w.reshape(x, w.shape([-1, 1], w.shapeOf(x, 2)))
      const ones = new Float32Array(sizeOf(window.kernel)).fill(1)
      const kernel = w.table([1, 1, ...window.kernel], ones, gradient)
      return w.reshapeLike(inputGradient(rows, kernel, image, window, 1, w), x)
    },
  ]
}

/** The window with the padding that rounding up adds at the far end. */
function widened(window: Window, node: NodeProto, spatial: Shape): Window {
  const end = window.end.map((padding, axis) => {
    const size = spatial[axis]
    if (typeof size !== 'number') throw unknownGradient(node, 'with ceil_mode', FIXED)
    const length = outputLength(window, axis, size, true) as number
    const reached = (length - 1) * (window.strides[axis] as number) + extentOf(window, axis)
    return Math.max(padding, reached - size - (window.begin[axis] as number))
  })
  return { ...window, end }
}

/**
 * How many entries each output averages: those of the image, and with `count_include_pad` those of
 * the padding in the file, but never those that rounding up added.
 */
function divisors(
  given: Window,
  window: Window,
  node: NodeProto,
  spatial: Shape,
  like: string,
  w: GraphWriter,
): string {
  const countsPadding = integerOf(node, 'count_include_pad', 0) === 1
  const isPadded = [...window.begin, ...window.end].some((it) => it > 0)
  const isWider = window.end.some((it, axis) => it !== given.end[axis])
  if (!isPadded || (countsPadding && !isWider)) return w.scalar(sizeOf(window.kernel), like)
  if (!isStatic(spatial)) throw unknownGradient(node, 'with padding', FIXED)
  const counts = spatial.map((size, axis) => {
    const [begin, end] = countsPadding
      ? [given.begin[axis] as number, given.end[axis] as number]
      : [0, 0]
    return Array.from({ length: outputLength(window, axis, size) as number }, (_, o) => {
      const start = o * (window.strides[axis] as number) - (window.begin[axis] as number)
      const reached = Array.from(
        { length: window.kernel[axis] as number },
        (_, k) => start + k * (window.dilations[axis] as number),
      )
      return reached.filter((it) => it >= -begin && it < size + end).length
    })
  })
  const all = counts.reduce<number[]>(
    (outer, list) => outer.flatMap((a) => list.map((b) => a * b)),
    [1],
  )
  return w.table([1, 1, ...counts.map((it) => it.length)], Float32Array.from(all), like)
}

/**
 * Gradients of convolutions of any number of spatial axes, with strides, padding, dilation and
 * groups.
 *
 * Y[n, m, o] = b[m] + Σ_{c, k} W[m, c, k] · X[n, c, s·o + d·k − p]: linear in X and in W, so that
 * - ∂X is the transposed convolution of ∂Y with the same W;
 * - ∂W[m, c, k] = Σ_{n, o} ∂Y[n, m, o] · X[n, c, s·o + d·k − p] is itself a convolution: the rows n
 *   take the place of the channels, ∂Y that of the kernel, and stride and dilation change places.
 */
import { type NodeProto } from '../../onnxModel.ts'
import { sizeOf } from '../../tensorValues.ts'
import { integerOf, integersOf, stringOf } from '../attributes.ts'
import type { GraphWriter } from '../graphWriter.ts'
import { unknownGradient } from '../refusal.ts'
import type { Differentiated, GradientRule, RuleTable } from '../rule.ts'
import { isStatic, lengthsOf, type Shape } from '../shape.ts'
import { extentOf, outputLength, windowOf, type Window } from '../window.ts'

/**
 * With few channels the product for each kernel position is narrow, and a convolution whose kernel
 * is ∂Y is faster (16 outputs of 1 channel, 5 × 5: 0.7 ms against 3.7). With more it is slower, by
 * 1.4 times (16 channels) to 4 times (32 channels, 3 × 3; ONNX Runtime 1.30, 32 rows, one thread,
 * AVX-512).
 */
const FEWEST_CHANNELS = 8

/** Kernels with more positions would make graphs of too many nodes. */
const MOST_PRODUCTS = 49

export const convolutionRules: RuleTable = {
  Conv: convolution,
  ConvTranspose: transposedConvolution,
}

function convolution(
  { node, inputs: [x = '', weight = ''], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const shape = w.shapeWithin(x, node)
  const window = windowWithin(node, shape, w.facts.shape(weight))
  const group = integerOf(node, 'group', 1)
  return [
    () => inputGradient(gradient, weight, x, window, group, w),
    () => weightGradient(x, gradient, weight, window, group, w),
    () => w.sum(gradient, [0, ...spatialAxes(shape)], false),
  ]
}

/** Y is what ∂X would be: X and Y change roles. */
function transposedConvolution(
  { node, inputs: [x = '', weight = ''], gradient }: Differentiated,
  w: GraphWriter,
): ReturnType<GradientRule> {
  const shape = w.shapeWithin(x, node)
  const automatic = stringOf(node, 'auto_pad', 'NOTSET') !== 'NOTSET'
  if (automatic || integersOf(node, 'output_shape') !== undefined) {
    throw unknownGradient(
      node,
      'with automatic padding',
      'Export it with explicit pads and output_padding',
    )
  }
  const window = windowWithin(node, shape, w.facts.shape(weight))
  const group = integerOf(node, 'group', 1)
  const { kernel, strides, dilations, begin, end } = window
  return [
    () => {
      const pads = [...begin, ...end]
      const attributes = { kernel_shape: kernel, strides, dilations, pads, group }
      const whole = w.add('Conv', [gradient, weight], attributes)
      // output_padding may have made room for one more window.
      return croppedLike(whole, x, w)
    },
    () => weightGradient(gradient, x, weight, window, group, w),
    () => w.sum(gradient, [0, ...spatialAxes(shape)], false),
  ]
}

function windowWithin(node: NodeProto, shape: Shape, weight: Shape | undefined): Window {
  const kernel = lengthsOf(weight?.slice(2))
  const window = windowOf(node, shape.slice(2), kernel)
  if (window !== undefined) return window
  throw unknownGradient(
    node,
    'with a kernel or padding of open size',
    'Export the model with fixed image sizes and explicit pads',
  )
}

function spatialAxes(shape: Shape): number[] {
  return shape.map((_, axis) => axis).slice(2)
}

/**
 * The transposed convolution, in the shape of x: entries at the far end that no window reached get
 * 0.
 */
export function inputGradient(
  gradient: string,
  weight: string,
  x: string,
  window: Window,
  group: number,
  w: GraphWriter,
): string {
  const { kernel, strides, dilations, begin, end } = window
  const spatial = w.facts.shape(x)?.slice(2)
  const unreached = kernel.map((_, axis) => {
    const stride = strides[axis] as number
    const size = spatial?.[axis]
    if (typeof size !== 'number') return stride - 1
    const length = outputLength(window, axis, size) as number
    const spare = (begin[axis] as number) + (end[axis] as number) - extentOf(window, axis)
    return size + spare - (length - 1) * stride
  })
  const result = w.add('ConvTranspose', [gradient, weight], {
    kernel_shape: kernel,
    strides,
    dilations,
    pads: [...begin, ...end],
    group,
    ...(unreached.some((it) => it > 0) ? { output_padding: unreached } : {}),
  })
  if (isStatic(spatial) || unreached.every((it) => it === 0)) {
    w.facts.hasShapeOf(result, x)
    return result
  }
  return croppedLike(result, x, w)
}

/** The first entries on the spatial axes, as many as x has. */
function croppedLike(a: string, x: string, w: GraphWriter): string {
  const [own, wanted] = [w.facts.shape(a)?.slice(2), w.facts.shape(x)?.slice(2)]
  if (isStatic(own) && isStatic(wanted) && own.join() === wanted.join()) return a
  const axes = (wanted ?? []).map((_, i) => i + 2)
  const starts = w.integers(axes.map(() => 0))
  const result = w.add('Slice', [a, starts, w.shapeOf(x, 2), w.integers(axes)])
  w.facts.hasShapeOf(result, x)
  return result
}

/**
 * One matrix product for each position in the kernel: the rows and places of ∂Y against those of X,
 * shifted by the position.
 *
 * @param lengths of the gradient's spatial axes
 */
function byPosition(
  x: string,
  gradient: string,
  weight: string,
  window: Window,
  lengths: readonly number[],
  w: GraphWriter,
): string {
  const { kernel, strides, dilations, begin, end } = window
  const axes = kernel.map((_, axis) => axis)
  const isPadded = [...begin, ...end].some((it) => it > 0)
  const padded = isPadded ? w.add('Pad', [x, w.integers([0, 0, ...begin, 0, 0, ...end])]) : x
  const images = swapped(padded, axes, w)
  const outputs = w.reshape(swapped(gradient, axes, w), w.shape(w.shapeOf(gradient, 1, 2), [-1]))
  const products = placesIn(kernel).map((place) => {
    const starts = place.map((at, axis) => at * (dilations[axis] as number))
    const ends = starts.map(
      (start, axis) => start + ((lengths[axis] as number) - 1) * (strides[axis] as number) + 1,
    )
    const how = [starts, ends, axes.map((axis) => axis + 2), strides].map((it) => w.integers(it))
    const shifted = w.reshape(w.add('Slice', [images, ...how]), w.shape(w.shapeOf(x, 1, 2), [-1]))
    const product = w.add('Gemm', [outputs, shifted], { transA: 0, transB: 1 })
    return w.add('Unsqueeze', [product, w.integers([2])])
  })
  return w.reshapeLike(w.add('Concat', products, { axis: 2 }), weight)
}

/** All places of a grid, the last axis first. */
function placesIn(lengths: readonly number[]): number[][] {
  return lengths.reduce<number[][]>(
    (places, length) =>
      places.flatMap((place) => Array.from({ length }, (_, at) => [...place, at])),
    [[]],
  )
}

/**
 * @param x the input of the convolution, [rows, groups · channels, …]
 * @param gradient of its output, [rows, groups · outputs, …]
 * @returns [groups · outputs, channels, kernel…]
 */
function weightGradient(
  x: string,
  gradient: string,
  weight: string,
  window: Window,
  group: number,
  w: GraphWriter,
): string {
  const { kernel, strides, dilations, begin, end } = window
  const axes = kernel.map((_, axis) => axis)
  const lengths = lengthsOf(w.facts.shape(gradient)?.slice(2))
  const channels = w.facts.shape(weight)?.[1]
  const isWide = group === 1 && typeof channels === 'number' && channels >= FEWEST_CHANNELS
  if (isWide && lengths !== undefined && sizeOf(kernel) <= MOST_PRODUCTS) {
    return byPosition(x, gradient, weight, window, lengths, w)
  }
  const images = group === 1 ? swapped(x, axes, w) : rowsAsChannels(x, axes, group, w)
  const product = w.add('Conv', [images, swapped(gradient, axes, w)], {
    strides: dilations,
    dilations: strides,
    pads: [...begin, ...end],
    group,
  })
  // If a stride leaves entries over at the far end, the product covers positions beyond the kernel.
  const isExact = axes.every((axis) => w.facts.shape(product)?.[axis + 2] === kernel[axis])
  const spatial = axes.map((axis) => axis + 2)
  const cropped = isExact
    ? product
    : w.add('Slice', [
        product,
        w.integers(axes.map(() => 0)),
        w.integers(kernel),
        w.integers(spatial),
      ])
  const result = swapped(cropped, axes, w)
  w.facts.hasShapeOf(result, weight)
  return result
}

function swapped(a: string, axes: readonly number[], w: GraphWriter): string {
  return w.transpose(a, [1, 0, ...axes.map((it) => it + 2)])
}

/** [rows, groups · channels, …] -> [channels, groups · rows, …] */
function rowsAsChannels(x: string, axes: readonly number[], group: number, w: GraphWriter): string {
  const split = w.reshape(x, w.shape(w.shapeOf(x, 0, 1), [group, -1], w.shapeOf(x, 2)))
  const turned = w.transpose(split, [2, 1, 0, ...axes.map((it) => it + 3)])
  return w.reshape(turned, w.shape(w.shapeOf(turned, 0, 1), [-1], w.shapeOf(x, 2)))
}

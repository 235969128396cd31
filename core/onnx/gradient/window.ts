/**
 * The sliding windows of convolutions and pools: their attributes with defaults, and the resulting
 * lengths.
 */
import type { Dimension, NodeProto } from '../onnxModel.ts'
import { integerOf, integersOf, stringOf } from './attributes.ts'

/** One number for each spatial axis. */
export interface Window {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** Padding before and after. */
  readonly begin: readonly number[]
  readonly end: readonly number[]
}

/**
 * @param spatial lengths of the input's spatial axes, which automatic padding depends on
 * @param kernel lengths of the kernel, if they are those of a weight
 * @returns undefined if the file leaves something open that decides the padding
 */
export function windowOf(
  node: NodeProto,
  spatial: readonly Dimension[],
  kernel: readonly number[] | undefined = integersOf(node, 'kernel_shape'),
): Window | undefined {
  if (kernel === undefined) return undefined
  const axes = kernel.length
  const strides = integersOf(node, 'strides') ?? new Array<number>(axes).fill(1)
  const dilations = integersOf(node, 'dilations') ?? new Array<number>(axes).fill(1)
  const automatic = stringOf(node, 'auto_pad', 'NOTSET')
  if (!automatic.startsWith('SAME')) {
    const pads = automatic === 'NOTSET' ? integersOf(node, 'pads') : undefined
    const given = pads ?? new Array<number>(2 * axes).fill(0)
    return { kernel, strides, dilations, begin: given.slice(0, axes), end: given.slice(axes) }
  }
  const totals = kernel.map((length, i) => {
    const stride = strides[i] as number
    const extent = (length - 1) * (dilations[i] as number) + 1
    const size = spatial[i]
    if (typeof size === 'number') {
      return Math.max(0, (Math.ceil(size / stride) - 1) * stride + extent - size)
    }
    // At stride 1 the padding is the same for every size.
    return stride === 1 ? extent - 1 : undefined
  })
  if (!totals.every((it) => it !== undefined)) return undefined
  const smaller = totals.map((it) => Math.floor(it / 2))
  const larger = totals.map((it) => Math.ceil(it / 2))
  const isUpper = automatic === 'SAME_UPPER'
  const [begin, end] = isUpper ? [smaller, larger] : [larger, smaller]
  return { kernel, strides, dilations, begin, end }
}

/** How many input positions one window spans on an axis. */
export function extentOf({ kernel, dilations }: Window, axis: number): number {
  return ((kernel[axis] as number) - 1) * (dilations[axis] as number) + 1
}

/**
 * floor((size + padding − extent) / stride) + 1, or rounded up in `ceil_mode`, without a window
 * that would begin in the padding after the input; undefined for an open size that changes.
 */
export function outputLength(
  window: Window,
  axis: number,
  size: Dimension,
  ceil = false,
): Dimension | undefined {
  const [stride, begin, end] = [window.strides[axis], window.begin[axis], window.end[axis]] as [
    number,
    number,
    number,
  ]
  const spare = begin + end - extentOf(window, axis)
  if (typeof size !== 'number') return stride === 1 && spare === -1 ? size : undefined
  const steps = (size + spare) / stride
  if (!ceil) return Math.floor(steps) + 1
  const length = Math.ceil(steps) + 1
  return (length - 1) * stride >= size + begin ? length - 1 : length
}

export function ceilModeOf(node: NodeProto): boolean {
  return integerOf(node, 'ceil_mode', 0) === 1
}

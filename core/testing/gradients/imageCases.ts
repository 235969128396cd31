/** Gradient cases: convolutions and pools. */
import { spread, type GradientCase } from './gradientCase.ts'
import { averagePool, convolution, transposedConvolution, type Geometry } from './references.ts'

interface ConvolutionCase extends Geometry {
  readonly name: string
  readonly autoPad?: string
  readonly to?: readonly [number, number]
  readonly outputPadding?: readonly number[]
}

function attributesOf({
  strides,
  pads,
  dilations,
  group,
  autoPad,
  kernel,
  outputPadding,
}: ConvolutionCase) {
  return {
    kernel_shape: kernel,
    ...(strides && { strides }),
    ...(autoPad === undefined ? pads && { pads } : { auto_pad: autoPad }),
    ...(dilations && { dilations }),
    ...(group && { group }),
    ...(outputPadding && { output_padding: outputPadding }),
  }
}

const convolutions: GradientCase[] = (
  [
    { name: 'plain', x: [2, 3, 5, 4], outputs: 2, kernel: [3, 2] },
    { name: 'padded', x: [2, 2, 4, 4], outputs: 3, kernel: [3, 3], pads: [1, 0, 2, 1] },
    {
      name: 'with strides that leave entries over',
      x: [2, 2, 6, 7],
      outputs: 2,
      kernel: [3, 2],
      strides: [2, 3],
    },
    { name: 'dilated', x: [1, 2, 7, 6], outputs: 2, kernel: [3, 2], dilations: [2, 3] },
    {
      name: 'dilated, padded, with strides',
      x: [2, 1, 8, 7],
      outputs: 2,
      kernel: [2, 3],
      dilations: [2, 2],
      strides: [3, 2],
      pads: [1, 2, 0, 1],
    },
    { name: 'in groups', x: [2, 4, 4, 3], outputs: 6, kernel: [2, 2], group: 2 },
    {
      name: 'in groups, with strides and padding',
      x: [3, 4, 5, 5],
      outputs: 2,
      kernel: [3, 3],
      group: 2,
      strides: [2, 2],
      pads: [1, 1, 1, 1],
    },
    {
      name: 'each channel by itself',
      x: [2, 3, 5, 5],
      outputs: 3,
      kernel: [3, 3],
      group: 3,
      pads: [1, 1, 1, 1],
    },
    { name: 'of many channels', x: [2, 8, 5, 4], outputs: 2, kernel: [3, 2], pads: [1, 0, 0, 1] },
    {
      name: 'of many channels, dilated, with strides',
      x: [2, 9, 8, 7],
      outputs: 2,
      kernel: [2, 3],
      dilations: [2, 2],
      strides: [3, 2],
      pads: [1, 2, 0, 1],
    },
    { name: 'of single points', x: [2, 3, 3, 2], outputs: 4, kernel: [1, 1] },
    {
      name: 'of single points with strides',
      x: [2, 3, 4, 5],
      outputs: 2,
      kernel: [1, 1],
      strides: [2, 2],
    },
    {
      name: 'padded automatically',
      x: [2, 2, 5, 4],
      outputs: 2,
      kernel: [3, 2],
      strides: [2, 1],
      autoPad: 'SAME_UPPER',
      pads: [1, 0, 1, 1],
    },
    {
      name: 'padded automatically in front',
      x: [2, 2, 5, 4],
      outputs: 2,
      kernel: [2, 2],
      autoPad: 'SAME_LOWER',
      pads: [1, 1, 0, 0],
    },
  ] satisfies ConvolutionCase[]
).map((it: ConvolutionCase) => ({
  name: it.name,
  operator: 'Conv',
  inputs: [
    spread(...it.x),
    spread(it.outputs!, it.x[1] / (it.group ?? 1), ...it.kernel),
    spread(it.outputs!),
  ],
  attributes: attributesOf(it),
  reference: convolution(it),
  fixedShapes: it.autoPad !== undefined,
}))

const transposed: GradientCase[] = (
  [
    { name: 'plain', x: [2, 3, 3, 2], outputs: 2, kernel: [3, 2], to: [5, 3] },
    {
      name: 'with strides and padding',
      x: [2, 2, 3, 3],
      outputs: 2,
      kernel: [3, 3],
      strides: [2, 2],
      pads: [1, 0, 1, 1],
      to: [5, 6],
    },
    {
      name: 'with output padding',
      x: [1, 2, 3, 3],
      outputs: 2,
      kernel: [2, 2],
      strides: [3, 3],
      outputPadding: [2, 1],
      to: [10, 9],
    },
    {
      name: 'of many outputs',
      x: [2, 2, 3, 3],
      outputs: 8,
      kernel: [3, 3],
      strides: [2, 2],
      pads: [1, 0, 1, 1],
      to: [5, 6],
    },
    {
      name: 'in groups, dilated',
      x: [2, 4, 3, 3],
      outputs: 6,
      kernel: [2, 2],
      dilations: [2, 1],
      group: 2,
      to: [5, 4],
    },
  ] satisfies ConvolutionCase[]
).map((it: ConvolutionCase) => ({
  name: it.name,
  operator: 'ConvTranspose',
  inputs: [
    spread(...it.x),
    spread(it.x[1], it.outputs! / (it.group ?? 1), ...it.kernel),
    spread(it.outputs!),
  ],
  attributes: attributesOf(it),
  reference: transposedConvolution(it, it.to!),
}))

const averages: GradientCase[] = (
  [
    { name: 'plain', x: [2, 3, 4, 6], kernel: [2, 3], strides: [2, 3] },
    { name: 'overlapping', x: [2, 2, 5, 5], kernel: [3, 2], strides: [1, 2] },
    { name: 'padded', x: [1, 2, 4, 5], kernel: [3, 3], strides: [2, 1], pads: [1, 1, 0, 1] },
    {
      name: 'padded, counting the padding',
      x: [1, 2, 4, 5],
      kernel: [3, 3],
      strides: [2, 1],
      pads: [1, 1, 0, 1],
      countsPadding: true,
    },
    { name: 'rounded up', x: [1, 2, 5, 6], kernel: [2, 3], strides: [2, 2], extra: [1, 1] },
  ] satisfies ConvolutionCase[]
).map((it: ConvolutionCase) => ({
  name: it.name,
  operator: 'AveragePool',
  inputs: [spread(...it.x)],
  attributes: {
    ...attributesOf(it),
    ...(it.countsPadding && { count_include_pad: 1 }),
    ...(it.extra && { ceil_mode: 1 }),
  },
  reference: averagePool(it),
  fixedShapes: it.pads !== undefined || it.extra !== undefined,
}))

const pools: GradientCase[] = [
  ...averages,
  {
    name: 'plain',
    operator: 'MaxPool',
    inputs: [spread(2, 3, 4, 4)],
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  },
  {
    name: 'overlapping, padded',
    operator: 'MaxPool',
    inputs: [spread(2, 2, 5, 4)],
    attributes: { kernel_shape: [3, 3], strides: [1, 2], pads: [1, 1, 1, 1] },
  },
  {
    name: 'dilated, rounded up',
    operator: 'MaxPool',
    inputs: [spread(1, 2, 6, 7)],
    attributes: { kernel_shape: [2, 2], strides: [3, 2], dilations: [2, 2], ceil_mode: 1 },
  },
  {
    name: 'of one axis',
    operator: 'MaxPool',
    inputs: [spread(2, 2, 7)],
    attributes: { kernel_shape: [3], strides: [2] },
  },
  {
    name: 'of images',
    operator: 'GlobalMaxPool',
    inputs: [spread(2, 3, 2, 3)],
    reference: ([x]) =>
      Float64Array.from({ length: 6 }, (_, i) => Math.max(...x!.subarray(6 * i, 6 * i + 6))),
  },
  {
    name: 'of images',
    operator: 'GlobalAveragePool',
    inputs: [spread(2, 2, 2, 3)],
    reference: ([x]) =>
      Float64Array.from({ length: 4 }, (_, i) =>
        x!.subarray(6 * i, 6 * i + 6).reduce((sum, it) => sum + it / 6, 0),
      ),
  },
]

export const imageCases: readonly GradientCase[] = [...convolutions, ...transposed, ...pools]

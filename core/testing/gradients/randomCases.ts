/**
 * Gradient cases of random shapes, the same every time: for operators whose shapes may be anything.
 */
import { RandomStream } from '../../random/index.ts'
import {
  fixed,
  integers,
  positions,
  positive,
  spread,
  booleans,
  type CaseInput,
  type GradientCase,
} from './gradientCase.ts'
import { layerNormalised } from './layerCases.ts'
import { averagePool, convolution } from './references.ts'

const OF_EACH = 3
const stream = new RandomStream(20_261_123, 'objective')

const below = (n: number): number => stream.below(n)
const between = (least: number, most: number): number => least + below(most - least + 1)
const isChosen = (): boolean => below(2) === 1
const list = (length: number, make: (index: number) => number): number[] =>
  Array.from({ length }, (_, index) => make(index))
const lengths = (rank: number, most = 4): number[] => list(rank, () => between(1, most))
const size = (shape: readonly number[]): number => shape.reduce((all, it) => all * it, 1)
const axisOf = (rank: number): number => below(2 * rank) - rank

/** Two shapes that broadcast, each possibly shorter or of length 1 in places. */
function broadcasting(): [number[], number[]] {
  const whole = lengths(between(1, 3))
  const part = (): number[] =>
    whole.slice(below(whole.length)).map((length) => (below(3) === 0 ? 1 : length))
  return isChosen() ? [part(), whole] : [whole, part()]
}

function binary(operator: string): GradientCase {
  const [a, b] = broadcasting()
  const first = operator === 'Pow' ? positive : spread
  const second = operator === 'Pow' ? spread : positive
  return {
    name: `${a.join('×')} and ${b.join('×')}`,
    operator,
    inputs: [first(...a), second(...b)],
  }
}

function conditional(): GradientCase {
  const [a, b] = broadcasting()
  const condition = booleans(a, ...list(size(a), () => below(2)))
  return {
    name: `${a.join('×')} and ${b.join('×')}`,
    operator: 'Where',
    inputs: [condition, spread(...a), spread(...b)],
  }
}

function product(): GradientCase {
  const [rows, inner, columns] = lengths(3) as [number, number, number]
  const [a, b] = broadcasting()
  const shapes = [
    [...a, rows, inner],
    [...b, inner, columns],
  ] as const
  return {
    name: shapes.map((it) => it.join('×')).join(' and '),
    operator: 'MatMul',
    inputs: shapes.map((it) => spread(...it)),
  }
}

/** An operator along one axis of anything. */
function alongAxis(operator: string): GradientCase {
  const shape = lengths(between(1, 4), 5)
  const axis = axisOf(shape.length)
  return {
    name: `${shape.join('×')}, axis ${axis}`,
    operator,
    inputs: [spread(...shape)],
    attributes: { axis },
  }
}

function reduction(operator: string): GradientCase {
  const shape = lengths(between(1, 4))
  const axes = [...stream.sample(shape.length, between(1, shape.length))]
  const keepdims = below(2)
  return {
    name: `${shape.join('×')} over ${axes.join()}, keepdims ${keepdims}`,
    operator,
    opset: 18,
    inputs: [
      spread(...shape),
      integers(...axes.map((it) => (isChosen() ? it : it - shape.length))),
    ],
    attributes: { keepdims },
  }
}

function transposition(): GradientCase {
  const shape = lengths(between(2, 5), 3)
  const perm = [...stream.permutation(shape.length)]
  return {
    name: `${shape.join('×')} by ${perm.join()}`,
    operator: 'Transpose',
    inputs: [spread(...shape)],
    attributes: { perm },
  }
}

function slice(): GradientCase {
  const shape = lengths(between(1, 3), 6)
  const axes = [...stream.sample(shape.length, between(1, shape.length))]
  const ranges = axes.map((axis) => {
    const from = below(shape[axis]!)
    const isBack = below(3) === 0
    const step = between(1, 3)
    // Backwards it goes to the very first entry.
    return isBack ? [from, -(2 ** 31), -step] : [from, between(from + 1, shape[axis]! + 2), step]
  })
  const [starts, ends, steps] = [0, 1, 2].map((part) => integers(...ranges.map((it) => it[part]!)))
  return {
    name: `${shape.join('×')}, ${ranges.map((it) => it.join(':')).join(' ')} of ${axes.join()}`,
    operator: 'Slice',
    inputs: [spread(...shape), starts, ends, integers(...axes), steps],
  }
}

function gather(operator: 'Gather' | 'GatherElements'): GradientCase {
  const shape = lengths(between(1, 3), 5)
  const axis = axisOf(shape.length)
  const length = shape.at(axis)!
  const wanted =
    operator === 'Gather'
      ? lengths(below(3), 3)
      : shape.map((it, i) =>
          i === (axis + shape.length) % shape.length ? between(1, 5) : between(1, it),
        )
  return {
    name: `${wanted.join('×')} of ${shape.join('×')}, axis ${axis}`,
    operator,
    inputs: [
      spread(...shape),
      positions(wanted, ...list(size(wanted), () => below(2 * length) - length)),
    ],
    attributes: { axis },
  }
}

function concatenation(): GradientCase {
  const shape = lengths(between(1, 3))
  const axis = below(shape.length)
  const shapes = list(between(2, 4), () => between(1, 4)).map((it) => shape.with(axis, it))
  return {
    name: `${shapes.map((it) => it.join('×')).join(' and ')}, axis ${axis}`,
    operator: 'Concat',
    inputs: shapes.map((it) => spread(...it)),
    attributes: { axis },
  }
}

function padding(): GradientCase {
  const shape = lengths(between(1, 3), 5).map((it) => it + 1)
  const mode = ['constant', 'reflect', 'edge'][below(3)]!
  const pads = list(2 * shape.length, (i) => below(Math.min(3, shape[i % shape.length]!)))
  return {
    name: `${shape.join('×')} by ${pads.join()}, ${mode}`,
    operator: 'Pad',
    inputs: [spread(...shape), integers(...pads)],
    attributes: { mode },
  }
}

function repetition(operator: 'Tile' | 'Expand'): GradientCase {
  const whole = lengths(between(1, 3))
  const part = whole.map((it) => (isChosen() ? 1 : it))
  const how = operator === 'Tile' ? lengths(whole.length, 3) : whole
  return {
    name: `${part.join('×')} by ${how.join('×')}`,
    operator,
    inputs: [spread(...part), integers(...how)],
  }
}

/** A window within images that it fits in, with everything that a window may have. */
function window(mayDilate: boolean) {
  const kernel = [between(1, 3), between(1, 3)] as const
  const strides = [between(1, 3), between(1, 3)] as const
  const dilations = mayDilate ? ([between(1, 2), between(1, 2)] as const) : ([1, 1] as const)
  const pads = list(4, (i) => below(kernel[i % 2]!)) as [number, number, number, number]
  const [height, width] = kernel.map(
    (length, i) => (length - 1) * dilations[i]! + 1 + below(4),
  ) as [number, number]
  return { kernel, strides, dilations, pads, height, width }
}

function convolving(): GradientCase {
  const { height, width, ...own } = window(true)
  const group = between(1, 3)
  const [channels, outputs] = [group * between(1, 4), group * between(1, 2)]
  const x = [between(1, 2), channels, height, width] as const
  const { kernel, strides, dilations, pads } = own
  return {
    name: `${x.join('×')} to ${outputs} by ${kernel.join('×')} in ${group}, strides ${strides.join()}, dilations ${dilations.join()}, pads ${pads.join()}`,
    operator: 'Conv',
    inputs: [spread(...x), spread(outputs, channels / group, ...kernel), spread(outputs)],
    attributes: { kernel_shape: kernel, strides, dilations, pads, group },
    reference: convolution({ ...own, x, outputs, group }),
  }
}

function pooling(operator: 'AveragePool' | 'MaxPool'): GradientCase {
  const { kernel, strides, pads, height, width } = window(false)
  const x = [between(1, 2), between(1, 3), height, width] as const
  const countsPadding = operator === 'AveragePool' && isChosen()
  return {
    name: `${x.join('×')} by ${kernel.join('×')}, strides ${strides.join()}, pads ${pads.join()}${countsPadding ? ', counted' : ''}`,
    operator,
    inputs: [spread(...x)],
    attributes: {
      kernel_shape: kernel,
      strides,
      pads,
      ...(countsPadding ? { count_include_pad: 1 } : {}),
    },
    fixedShapes: operator === 'AveragePool',
    ...(operator === 'AveragePool'
      ? { reference: averagePool({ x, kernel, strides, pads, countsPadding }) }
      : {}),
  }
}

function layers(): GradientCase {
  // A stretch of one entry has no variance.
  const shape = [...lengths(between(1, 2)), between(2, 5)]
  const axis = isChosen() ? -1 : below(shape.length)
  const normal = shape.slice(axis)
  return {
    name: `${shape.join('×')} from axis ${axis}`,
    operator: 'LayerNormalization',
    inputs: [spread(...shape), spread(...normal), spread(...normal)],
    attributes: { axis },
    reference: layerNormalised(size(normal)),
  }
}

function batches(): GradientCase {
  const shape = [between(1, 4), between(1, 4), ...lengths(below(3), 3)]
  const channel = (make: (...shape: number[]) => CaseInput): CaseInput => make(shape[1]!)
  return {
    name: shape.join('×'),
    operator: 'BatchNormalization',
    inputs: [
      spread(...shape),
      channel(spread),
      channel(spread),
      fixed(channel(spread)),
      fixed(channel(positive)),
    ],
  }
}

const kinds: readonly (() => GradientCase)[] = [
  ...['Add', 'Sub', 'Mul', 'Div', 'Pow'].map((operator) => () => binary(operator)),
  conditional,
  product,
  ...['Softmax', 'LogSoftmax'].map((operator) => () => alongAxis(operator)),
  ...['Sum', 'Mean', 'Max', 'L2', 'LogSumExp'].map((name) => () => reduction(`Reduce${name}`)),
  transposition,
  slice,
  () => gather('Gather'),
  () => gather('GatherElements'),
  concatenation,
  padding,
  () => repetition('Tile'),
  () => repetition('Expand'),
  convolving,
  () => pooling('MaxPool'),
  () => pooling('AveragePool'),
  layers,
  batches,
]

export const randomCases: readonly GradientCase[] = kinds.flatMap((make) =>
  Array.from({ length: OF_EACH }, make),
)

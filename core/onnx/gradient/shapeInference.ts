/**
 * Shapes of operators' outputs, as far as they follow from the shapes of their inputs. An operator
 * that is missing here only costs a few nodes, which find the shape when the graph runs.
 */
import { own } from '../../base/index.ts'
import { MOST_DIMENSIONS } from '../checkModel.ts'
import { type Dimension, type NodeProto } from '../onnxModel.ts'
import { shapeOf } from '../tensorValues.ts'
import { integerOf, integersOf, stringOf, tensorOf } from './attributes.ts'
import { bounded, isStatic, lengthsOf, positive, type KnownValues, type Shape } from './shape.ts'
import { ceilModeOf, outputLength, windowOf } from './window.ts'

type Shapes = readonly (Shape | undefined)[]

interface Asked {
  readonly node: NodeProto
  readonly facts: KnownValues
  readonly shape: (input: number) => Shape | undefined
  readonly constants: (input: number) => readonly number[] | undefined
}

type ShapeRule = (asked: Asked) => Shapes

const keeping =
  'Identity Cast CastLike Neg Abs Sign Exp Log Sqrt Reciprocal Erf Sin Cos Tan Asin Acos Atan Sinh Cosh Asinh Acosh Atanh Floor Ceil Round Not Relu LeakyRelu PRelu Elu Selu Celu ' +
  'ThresholdedRelu Softplus Softsign Tanh Sigmoid HardSigmoid HardSwish Gelu Mish Clip Softmax LogSoftmax Hardmax ' +
  'BatchNormalization InstanceNormalization GroupNormalization RMSNormalization LRN Trilu CumSum ScatterElements ScatterND'
const broadcasting =
  'Add Sub Mul Div Pow Sum Mean Max Min Mod Equal Greater GreaterOrEqual Less LessOrEqual And Or Xor Where'
const reducing =
  'ReduceSum ReduceMean ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceSumSquare ReduceLogSum ReduceLogSumExp'

const rules: Readonly<Record<string, ShapeRule>> = {
  ...Object.fromEntries(keeping.split(' ').map((it) => [it, ({ shape }: Asked) => [shape(0)]])),
  ...Object.fromEntries(broadcasting.split(' ').map((it) => [it, broadcast])),
  ...Object.fromEntries(reducing.split(' ').map((it) => [it, reduce])),
  Dropout: ({ shape }) => [shape(0), shape(0)],
  Constant: ({ node }) => {
    const tensor = tensorOf(node, 'value')
    if (tensor !== undefined) return [shapeOf(tensor)]
    const list = node.attribute.find((it) => /^value_(ints|floats)$/.test(it.name))
    return [list === undefined ? [] : [list.ints.length + list.floats.length]]
  },
  Shape: ({ node, facts, shape }) => [
    [facts.integers(node.output[0] ?? '')?.length ?? shape(0)?.length ?? facts.freshDimension()],
  ],
  Size: () => [[]],
  // Comparisons with which decoders decide which token may attend to which.
  Range: ({ facts, constants, node }) => {
    const [start, limit, step] = [constants(0), facts.integers(node.input[1] ?? ''), constants(2)]
    const counts = start?.[0] === 0 && step?.[0] === 1
    return [[(counts ? limit?.[0] : undefined) ?? facts.freshDimension()]]
  },
  NonZero: ({ facts, shape }) => [
    [shape(0)?.length ?? facts.freshDimension(), facts.freshDimension()],
  ],
  ConstantOfShape: ({ node, facts }) => [target(node.input[0], facts)],
  Expand: ({ node, facts, shape }) => [join([shape(0), target(node.input[1], facts)], facts)],
  Flatten: ({ node, facts, shape }) => {
    const x = shape(0)
    const axis = integerOf(node, 'axis', 1)
    return [x && [product(x.slice(0, axis), facts), product(x.slice(axis), facts)]]
  },
  Reshape: reshape,
  Transpose: ({ node, shape }) => {
    const x = shape(0)
    const permutation = integersOf(node, 'perm') ?? x?.map((_, i) => i).toReversed()
    return [x && permutation?.map((axis) => x[axis] as Dimension)]
  },
  Squeeze: ({ shape, constants, node }) => {
    const [x, axes] = [shape(0), constants(1)]
    if (x === undefined || (node.input.length > 1 && axes === undefined)) return []
    if (axes !== undefined) {
      return [x.filter((_, i) => !axes.includes(i) && !axes.includes(i - x.length))]
    }
    return [isStatic(x) ? x.filter((it) => it !== 1) : undefined]
  },
  Unsqueeze: ({ shape, constants }) => {
    const [x, axes] = [shape(0), constants(1)]
    if (x === undefined || axes === undefined) return []
    const rank = x.length + axes.length
    const rest = x.values()
    return [
      Array.from({ length: rank }, (_, i) =>
        axes.includes(i) || axes.includes(i - rank) ? 1 : (rest.next().value as Dimension),
      ),
    ]
  },
  Concat: ({ node, facts, shape }) => {
    const shapes = node.input.map((_, index) => shape(index))
    const [first] = shapes
    if (first === undefined) return []
    const axis = positive(integerOf(node, 'axis', 0), first.length)
    const lengths = shapes.map((it) => it?.[axis])
    const total = lengths.reduce<number>((sum, it) => (typeof it === 'number' ? sum + it : NaN), 0)
    return [first.with(axis, Number.isNaN(total) ? facts.freshDimension() : total)]
  },
  Slice: slice,
  Split: ({ node, facts, shape, constants }) => {
    const x = shape(0)
    if (x === undefined) return []
    const axis = positive(integerOf(node, 'axis', 0), x.length)
    const [length, given, parts] = [x[axis], constants(1), node.output.length]
    const equal = typeof length === 'number' && !node.input[1] ? Math.ceil(length / parts) : NaN
    return node.output.map((_, i) => {
      const even = Math.min(equal, Number(length) - i * equal)
      return x.with(axis, given?.[i] ?? (Number.isNaN(even) ? facts.freshDimension() : even))
    })
  },
  Gather: ({ node, shape }) => {
    const [x, indices] = [shape(0), shape(1)]
    if (x === undefined || indices === undefined) return []
    const axis = positive(integerOf(node, 'axis', 0), x.length)
    return [[...x.slice(0, axis), ...indices, ...x.slice(axis + 1)]]
  },
  GatherElements: ({ shape }) => [shape(1)],
  Pad: ({ shape, constants, facts, node }) => {
    const [x, pads] = [shape(0), constants(1)]
    if (x === undefined) return []
    const known = pads !== undefined && !node.input[3]
    return [
      x.map((length, i) => {
        const added = known ? (pads[i] as number) + (pads[i + x.length] as number) : undefined
        if (added === 0) return length
        return typeof length === 'number' && added !== undefined
          ? length + added
          : facts.freshDimension()
      }),
    ]
  },
  Resize: ({ node, shape, facts }) => {
    const x = shape(0)
    const [scales, sizes] = [facts.floats(node.input[2] ?? ''), facts.integers(node.input[3] ?? '')]
    const axes = integersOf(node, 'axes') ?? x?.map((_, axis) => axis)
    const isStretched = stringOf(node, 'keep_aspect_ratio_policy', 'stretch') === 'stretch'
    return [
      x?.map((length, axis) => {
        const place = axes?.findIndex((it) => positive(it, x.length) === axis) ?? -1
        const scale = place < 0 ? 1 : scales?.[place]
        if (scale === 1) return length
        const known = isStretched ? sizes?.[place] : undefined
        const scaled =
          typeof length === 'number' && scale !== undefined ? Math.floor(length * scale) : undefined
        return known ?? scaled ?? facts.freshDimension()
      }),
    ]
  },
  DepthToSpace: ({ node, shape, facts }) => [
    rearranged(shape(0), integerOf(node, 'blocksize', 1), facts),
  ],
  SpaceToDepth: ({ node, shape, facts }) => [
    rearranged(shape(0), 1 / integerOf(node, 'blocksize', 1), facts),
  ],
  Tile: ({ shape, constants, facts }) => {
    const repeats = constants(1)
    return [
      shape(0)?.map((length, i) => {
        if (repeats?.[i] === 1) return length
        return typeof length === 'number' && repeats !== undefined
          ? length * (repeats[i] as number)
          : facts.freshDimension()
      }),
    ]
  },
  Gemm: ({ node, shape }) => {
    const [a, b] = [shape(0), shape(1)]
    if (a === undefined || b === undefined) return []
    const rows = a[integerOf(node, 'transA', 0) === 1 ? 1 : 0] as Dimension
    return [[rows, b[integerOf(node, 'transB', 0) === 1 ? 0 : 1] as Dimension]]
  },
  MatMul: ({ shape, facts }) => {
    const [a, b] = [shape(0), shape(1)]
    if (a === undefined || b === undefined) return []
    const batch = join([a.slice(0, -2), b.slice(0, -2)], facts) ?? []
    return [[...batch, ...a.slice(-2, -1), ...(b.length > 1 ? b.slice(-1) : [])]]
  },
  Einsum: ({ node, shape }) => {
    const [inputs = '', output] = stringOf(node, 'equation', '').replaceAll(' ', '').split('->')
    const lengths = new Map<string, Dimension>()
    inputs.split(',').forEach((labels, index) => {
      ;[...labels].forEach((label, axis) => {
        const length = shape(index)?.[axis]
        if (length !== undefined && lengths.get(label) !== length) lengths.set(label, length)
      })
    })
    const result = [...(output ?? '.')].map((label) => lengths.get(label))
    return [result.every((it) => it !== undefined) ? result : undefined]
  },
  Conv: ({ node, facts, shape }) => {
    const [x, w] = [shape(0), shape(1)]
    const kernel = lengthsOf(w?.slice(2))
    if (x === undefined || w === undefined || kernel === undefined) return []
    const window = windowOf(node, x.slice(2), kernel)
    const spatial = x.slice(2).map((it, axis) => window && outputLength(window, axis, it))
    return [[x[0] as Dimension, w[0] as Dimension, ...known(spatial, facts)]]
  },
  ConvTranspose: ({ node, facts, shape }) => {
    const [x, w] = [shape(0), shape(1)]
    if (x === undefined || w === undefined) return []
    const channels = w[1]
    const group = integerOf(node, 'group', 1)
    return [
      [
        x[0] as Dimension,
        typeof channels === 'number' ? channels * group : facts.freshDimension(),
        ...x.slice(2).map(() => facts.freshDimension()),
      ],
    ]
  },
  MaxPool: pool,
  AveragePool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  LayerNormalization: ({ node, shape }) => {
    const x = shape(0)
    if (x === undefined) return []
    const axis = positive(integerOf(node, 'axis', -1), x.length)
    const statistics = x.map((it, i) => (i < axis ? it : 1))
    return [x, statistics, statistics]
  },
  SoftmaxCrossEntropyLoss: ({ node, shape }) => [
    stringOf(node, 'reduction', 'mean') === 'none' ? shape(1) : [],
    shape(0),
  ],
  NegativeLogLikelihoodLoss: ({ node, shape }) => [
    stringOf(node, 'reduction', 'mean') === 'none' ? shape(1) : [],
  ],
}

/**
 * @returns for each output its shape, or undefined if even the number of dimensions is open, or
 *   more than any operator takes
 */
export function inferShapes(node: NodeProto, facts: KnownValues): Shapes {
  const shape = (input: number): Shape | undefined => facts.shape(node.input[input] ?? '')
  const constants = (input: number) => facts.constants(node.input[input] ?? '')
  const inferred = own(rules, node.opType)?.({ node, facts, shape, constants }) ?? []
  return inferred.map((it) => (it !== undefined && it.length > MOST_DIMENSIONS ? undefined : it))
}

function broadcast({ node, facts, shape }: Asked): Shapes {
  const shapes = node.input.map((_, index) => shape(index))
  return [join(shapes, facts)]
}

/** The shape that results from broadcasting. */
function join(shapes: Shapes, facts: KnownValues): Shape | undefined {
  const all = shapes.filter((it) => it !== undefined)
  if (all.length < shapes.length) return undefined
  const rank = Math.max(0, ...all.map((it) => it.length))
  return Array.from({ length: rank }, (_, i) => {
    const lengths = all.map((it) => it[i - rank + it.length]).filter((it) => it !== undefined)
    const distinct = [...new Set(lengths.filter((it) => it !== 1))]
    const number = distinct.find((it) => typeof it === 'number')
    if (number !== undefined) return number
    return distinct.length > 1 ? facts.freshDimension() : (distinct[0] ?? 1)
  })
}

function reduce({ node, shape, constants }: Asked): Shapes {
  const [x, axes] = [shape(0), constants(1)]
  const keep = integerOf(node, 'keepdims', 1) === 1
  if (x === undefined || (node.input[1] && axes === undefined)) return []
  if (axes === undefined || axes.length === 0) {
    if (integerOf(node, 'noop_with_empty_axes', 0) === 1) return [x]
    return [keep ? x.map(() => 1) : []]
  }
  const isReduced = (i: number): boolean => axes.includes(i) || axes.includes(i - x.length)
  return [keep ? x.map((it, i) => (isReduced(i) ? 1 : it)) : x.filter((_, i) => !isReduced(i))]
}

/**
 * The shape given by an integer tensor; if its contents are unknown, at least the number of
 * dimensions.
 */
function target(name: string | undefined, facts: KnownValues): Shape | undefined {
  const known = facts.integers(name ?? '')
  if (known !== undefined) return known
  const [rank] = facts.shape(name ?? '') ?? []
  if (typeof rank !== 'number' || rank > MOST_DIMENSIONS) return undefined
  return Array.from({ length: rank }, () => facts.freshDimension())
}

function reshape({ node, facts, shape }: Asked): Shapes {
  const x = shape(0)
  const wanted = target(node.input[1], facts)
  const copies = integerOf(node, 'allowzero', 0) === 0
  const filled = wanted?.map((it, i) =>
    it === 0 && copies ? (x?.[i] ?? facts.freshDimension()) : it,
  )
  const open = filled?.indexOf(-1) ?? -1
  if (filled === undefined || open < 0) return [filled]
  return [filled.with(open, quotient(x, filled.toSpliced(open, 1)) ?? facts.freshDimension())]
}

/** The one length that makes `part` as large as `whole`. */
function quotient(whole: Shape | undefined, part: Shape): Dimension | undefined {
  if (whole === undefined) return undefined
  const names = whole.filter((it) => typeof it === 'string')
  for (const it of part) {
    if (typeof it === 'number') continue
    const at = names.indexOf(it)
    if (at < 0) return undefined
    names.splice(at, 1)
  }
  const ratio = numbersIn(whole) / numbersIn(part)
  if (names.length === 0) return Number.isInteger(ratio) ? ratio : undefined
  return names.length === 1 && ratio === 1 ? names[0] : undefined
}

function numbersIn(shape: Shape): number {
  return shape.reduce<number>((all, it) => (typeof it === 'number' ? all * it : all), 1)
}

function product(shape: Shape, facts: KnownValues): Dimension {
  return quotient(shape, []) ?? facts.freshDimension()
}

function slice({ node, facts, shape, constants }: Asked): Shapes {
  const x = shape(0)
  if (x === undefined) return []
  const [starts, ends, given, steps] = [constants(1), constants(2), constants(3), constants(4)]
  const axes = given ?? starts?.map((_, i) => i)
  if (axes === undefined || (node.input[3] && given === undefined)) {
    return [x.map(() => facts.freshDimension())]
  }
  const result = [...x]
  axes.forEach((axis, i) => {
    const at = positive(axis, x.length)
    const length = x[at]
    const [start, end, step] = [starts?.[i], ends?.[i], node.input[4] ? steps?.[i] : 1]
    if (step === 1 && start === 0 && end !== undefined && end >= 2 ** 31 - 1) return
    result[at] =
      typeof length === 'number' && start !== undefined && end !== undefined && step === 1
        ? Math.max(0, bounded(end, length) - bounded(start, length))
        : facts.freshDimension()
  })
  return [result]
}

function pool({ node, facts, shape }: Asked): Shapes {
  const x = shape(0)
  if (x === undefined) return []
  const window = windowOf(node, x.slice(2))
  const spatial = x
    .slice(2)
    .map((it, axis) => window && outputLength(window, axis, it, ceilModeOf(node)))
  const result = [...x.slice(0, 2), ...known(spatial, facts)]
  return [result, result]
}

/** Channels, height and width after `growth` has turned channels into positions. */
function rearranged(x: Shape | undefined, growth: number, facts: KnownValues): Shape | undefined {
  return x?.map((length, axis) => {
    if (axis === 0) return length
    const factor = axis === 1 ? 1 / (growth * growth) : growth
    return typeof length === 'number' ? Math.round(length * factor) : facts.freshDimension()
  })
}

function globalPool({ shape }: Asked): Shapes {
  return [shape(0)?.map((it, i) => (i < 2 ? it : 1))]
}

function known(lengths: readonly (Dimension | undefined)[], facts: KnownValues): Dimension[] {
  return lengths.map((it) => it ?? facts.freshDimension())
}

/** Gradient cases: arithmetic, activations and reductions. */
import {
  fed,
  fixed,
  floats,
  integers,
  positions,
  positive,
  spread,
  booleans,
  type GradientCase,
} from './gradientCase.ts'
import { erf, pointwise } from './references.ts'

const binary: GradientCase[] = ['Add', 'Sub', 'Mul', 'Div', 'Pow', 'Max', 'Min'].flatMap(
  (operator) => {
    const [a, b] = operator === 'Pow' ? [positive, spread] : [spread, positive]
    return [
      { name: 'of equal shapes', operator, inputs: [a(2, 3), b(2, 3)] },
      { name: 'with a row for the batch', operator, inputs: [a(4, 3), b(3)] },
      { name: 'with both broadcast', operator, inputs: [a(2, 1, 3), b(4, 1)] },
      { name: 'with a number', operator, inputs: [a(2, 3), b()] },
      { name: 'of a row and a batch', operator, inputs: [a(1, 3), b(2, 2, 3)] },
    ]
  },
)

const unary: readonly [operator: string, reference?: (x: number) => number][] = [
  ['Neg'],
  ['Exp'],
  ['Abs'],
  ['Identity'],
  ['Sin'],
  ['Cos'],
  ['Tan', Math.tan],
  ['Atan', Math.atan],
  ['Sinh', Math.sinh],
  ['Cosh', Math.cosh],
  ['Asinh', Math.asinh],
  ['Relu'],
  ['Tanh'],
  ['Sigmoid'],
  ['Softplus', (x) => Math.log1p(Math.exp(x))],
  ['Softsign', (x) => x / (1 + Math.abs(x))],
  ['Erf', erf],
  ['LeakyRelu', (x) => (x > 0 ? x : 0.01 * x)],
  ['Elu', (x) => (x > 0 ? x : Math.expm1(x))],
  ['Selu', (x) => 1.0507009873554805 * (x > 0 ? x : 1.6732632423543772 * Math.expm1(x))],
  ['Celu', (x) => Math.max(0, x) + Math.min(0, Math.expm1(x))],
  ['HardSigmoid', (x) => Math.max(0, Math.min(1, 0.2 * x + 0.5))],
  ['HardSwish', (x) => x * Math.max(0, Math.min(1, x / 6 + 0.5))],
  ['ThresholdedRelu', (x) => (x > 1 ? x : 0)],
]

const gelu = (x: number): number => 0.5 * x * (1 + erf(x * Math.SQRT1_2))
const tanhGelu = (x: number): number =>
  0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3)))

const activations: GradientCase[] = [
  ...unary.map(([operator, reference]) => ({
    name: 'entry by entry',
    operator,
    inputs: [spread(5, 8)],
    ...(reference === undefined ? {} : { reference: pointwise(reference) }),
  })),
  ...['Log', 'Sqrt', 'Reciprocal'].map((operator) => ({
    name: 'of positive numbers',
    operator,
    inputs: [positive(3, 4)],
  })),
  ...(['Asin', 'Acos', 'Atanh'] as const).map((operator) => ({
    name: 'of shares',
    operator,
    inputs: [floats([5], -0.8, -0.3, 0.1, 0.5, 0.9)],
    reference: pointwise(Math[operator.toLowerCase() as 'asin' | 'acos' | 'atanh']),
  })),
  {
    name: 'of numbers above 1',
    operator: 'Acosh',
    inputs: [floats([4], 1.2, 1.7, 2.5, 4)],
    reference: pointwise(Math.acosh),
  },
  {
    name: 'with the normal distribution',
    operator: 'Gelu',
    opset: 20,
    inputs: [spread(5, 8)],
    reference: pointwise(gelu),
  },
  {
    name: 'with tanh',
    operator: 'Gelu',
    opset: 20,
    attributes: { approximate: 'tanh' },
    inputs: [spread(5, 8)],
    reference: pointwise(tanhGelu),
  },
  {
    name: 'entry by entry',
    operator: 'Mish',
    opset: 18,
    inputs: [spread(5, 4)],
    reference: pointwise((x) => x * Math.tanh(Math.log1p(Math.exp(x)))),
  },
  {
    name: 'with a steeper slope',
    operator: 'LeakyRelu',
    attributes: { alpha: { float: 0.3 } },
    inputs: [spread(3, 4)],
    reference: pointwise((x) => (x > 0 ? x : 0.3 * x)),
  },
  {
    name: 'with another scale',
    operator: 'Celu',
    attributes: { alpha: { float: 0.5 } },
    inputs: [spread(3, 4)],
    reference: pointwise((x) => Math.max(0, x) + Math.min(0, 0.5 * Math.expm1(x / 0.5))),
  },
  {
    name: 'with another line',
    operator: 'HardSigmoid',
    attributes: { alpha: { float: 0.4 }, beta: { float: 0.3 } },
    inputs: [spread(3, 4)],
    reference: pointwise((x) => Math.max(0, Math.min(1, 0.4 * x + 0.3))),
  },
  { name: 'with a slope for each column', operator: 'PRelu', inputs: [spread(4, 3), positive(3)] },
  {
    name: 'between bounds',
    operator: 'Clip',
    inputs: [spread(4, 5), fixed(floats([], -0.6)), fixed(floats([], 0.7))],
  },
  { name: 'from below', operator: 'Clip', inputs: [spread(4, 5), fixed(floats([], 0.1))] },
  {
    name: 'from above',
    operator: 'Clip',
    inputs: [spread(4, 5), undefined, fixed(floats([], 0.1))],
  },
  {
    name: 'before set 11',
    operator: 'Clip',
    opset: 10,
    attributes: { min: { float: 0.1 } },
    inputs: [spread(4, 5)],
    reference: pointwise((x) => Math.max(0.1, x)),
  },
]

const constants: GradientCase[] = [
  {
    name: 'to itself',
    operator: 'Cast',
    inputs: [spread(2, 3)],
    attributes: { to: 1 },
    reference: pointwise((x) => x),
  },
  { name: 'to itself', operator: 'CastLike', inputs: [spread(2, 3), fixed(floats([], 1))] },
  { name: 'of three', operator: 'Sum', inputs: [spread(2, 3), spread(3), spread(2, 1)] },
  {
    name: 'of three',
    operator: 'Mean',
    inputs: [spread(2, 3), positive(3), spread(2, 1)],
    reference: ([a, b, c]) =>
      Float64Array.from(
        { length: 6 },
        (_, i) => (a![i]! + b![i % 3]! + c![Math.floor(i / 3)]!) / 3,
      ),
  },
  {
    name: 'of equal entries',
    operator: 'Max',
    inputs: [spread(2, 3), fixed(floats([3], 9, -9, 9)), fixed(floats([], 0.011))],
  },
  { name: 'squares', operator: 'Pow', inputs: [spread(2, 3), fixed(floats([], 2))] },
  { name: 'cubes', operator: 'Pow', inputs: [spread(2, 3), fixed(floats([], 3))] },
  { name: 'roots', operator: 'Pow', inputs: [positive(2, 3), fixed(floats([], 0.5))] },
  { name: 'to the 0', operator: 'Pow', inputs: [floats([3], 0.5, 2, -1), fixed(floats([], 0))] },
  { name: 'by an integer', operator: 'Pow', inputs: [spread(2, 3), positions([], 3)] },
  {
    name: 'by condition',
    operator: 'Where',
    inputs: [booleans([2, 3], 1, 0, 0, 1, 1, 0), spread(2, 3), spread(3)],
  },
  {
    name: 'by a condition that broadcasts',
    operator: 'Where',
    inputs: [booleans([2, 1], 1, 0), spread(3), spread()],
  },
  { name: 'in inference', operator: 'Dropout', inputs: [spread(2, 3)] },
  {
    name: 'with a ratio, before set 12',
    operator: 'Dropout',
    opset: 10,
    attributes: { ratio: { float: 0.3 } },
    inputs: [spread(2, 3)],
  },
]

const names = ['Sum', 'Mean', 'Max', 'Min', 'L1', 'L2', 'SumSquare', 'LogSum', 'LogSumExp']
const reductions: GradientCase[] = names.flatMap((name): GradientCase[] => {
  const operator = `Reduce${name}`
  const x = name === 'LogSum' ? positive(2, 3, 4) : spread(2, 3, 4)
  const [asInput, asAttribute] = [name === 'Sum' ? 13 : 18, name === 'Sum' ? 12 : 17]
  return [
    { name: 'over everything', operator, inputs: [x], attributes: { keepdims: 0 } },
    { name: 'over everything, kept', operator, inputs: [x] },
    {
      name: 'over an axis',
      operator,
      opset: asInput,
      inputs: [x, integers(1)],
      attributes: { keepdims: 0 },
    },
    { name: 'over axes from the end', operator, opset: asInput, inputs: [x, integers(-1, 0)] },
    {
      name: 'over axes of an old file',
      operator,
      opset: asAttribute,
      inputs: [x],
      attributes: { axes: [0, 2], keepdims: 0 },
    },
    {
      name: 'over axes known at run time',
      operator,
      opset: asInput,
      inputs: [x, fed(integers(-2))],
      attributes: { keepdims: 0 },
    },
  ]
})

export const arithmeticCases: readonly GradientCase[] = [
  ...binary,
  ...activations,
  ...constants,
  ...reductions,
  {
    name: 'over no axes at all',
    operator: 'ReduceSum',
    inputs: [spread(2, 3), integers()],
    attributes: { noop_with_empty_axes: 1 },
  },
  { name: 'onwards', operator: 'CumSum', inputs: [spread(2, 3), positions([], 1)] },
  {
    name: 'backwards, without itself',
    operator: 'CumSum',
    inputs: [spread(2, 3), positions([], 0)],
    attributes: { reverse: 1, exclusive: 1 },
  },
]

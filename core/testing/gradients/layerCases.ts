/** Gradient cases: products, normalisations, softmax and losses. */
import {
  fixed,
  floats,
  positions,
  positive,
  spread,
  type CaseInput,
  type GradientCase,
} from './gradientCase.ts'

const gemms: GradientCase[] = [
  [0, 0],
  [0, 1],
  [1, 0],
  [1, 1],
].map(([transA = 0, transB = 0]) => ({
  name: `with transA ${transA} and transB ${transB}`,
  operator: 'Gemm',
  inputs: [transA ? spread(4, 3) : spread(3, 4), transB ? spread(2, 4) : spread(4, 2), spread(2)],
  attributes: { transA, transB, alpha: { float: 0.5 }, beta: { float: 1.5 } },
}))

const products: GradientCase[] = [
  ...gemms,
  { name: 'without a bias', operator: 'Gemm', inputs: [spread(3, 4), spread(4, 2)] },
  {
    name: 'with a column as bias',
    operator: 'Gemm',
    inputs: [spread(3, 4), spread(4, 2), spread(3, 1)],
  },
  ...(
    [
      ['of matrices', [3, 4], [4, 2]],
      ['of a batch and a matrix', [2, 3, 4], [4, 2]],
      ['of two batches', [2, 3, 4], [2, 4, 2]],
      ['of batches that broadcast', [2, 1, 3, 4], [5, 4, 2]],
      ['of a matrix and a batch', [3, 4], [2, 4, 2]],
      ['of a vector and a matrix', [4], [4, 2]],
      ['of a matrix and a vector', [3, 4], [4]],
      ['of two vectors', [4], [4]],
      ['of a batch and a vector', [2, 3, 4], [4]],
      ['of a vector and a batch', [4], [2, 4, 3]],
    ] as const
  ).map(([name, a, b]) => ({ name, operator: 'MatMul', inputs: [spread(...a), spread(...b)] })),
  ...(
    [
      ['bij,bjk->bik', [2, 3, 4], [2, 4, 2]],
      ['bhid,bhjd->bhij', [2, 1, 3, 2], [2, 1, 2, 2]],
      ['ij,kj->i', [3, 4], [2, 4]],
      ['i,j->ij', [3], [4]],
    ] as const
  ).map(([equation, a, b]) => ({
    name: equation,
    operator: 'Einsum',
    inputs: [spread(...a), spread(...b)],
    attributes: { equation },
  })),
]

const channels: readonly CaseInput[] = [spread(3), spread(3), spread(3), positive(3)]

/** (x − mean) / √(variance + ε) over each stretch of `length` entries. */
function normalised(x: Float64Array, length: number, epsilon: number): Float64Array {
  return x.map((value, i) => {
    const start = i - (i % length)
    const own = x.subarray(start, start + length)
    const mean = own.reduce((sum, it) => sum + it, 0) / length
    const variance = own.reduce((sum, it) => sum + (it - mean) ** 2, 0) / length
    return (value - mean) / Math.sqrt(variance + epsilon)
  })
}

/** The statistics that the operator itself gives are float32 whatever its inputs are. */
export function layerNormalised(length: number, epsilon = 1e-5) {
  return ([x, scale, bias]: readonly Float64Array[]): Float64Array =>
    normalised(x!, length, epsilon).map(
      (it, i) => it * scale![i % length]! + (bias?.[i % length] ?? 0),
    )
}

function instanceNormalised([x, scale, bias]: readonly Float64Array[]): Float64Array {
  return normalised(x!, 6, 1e-5).map((it, i) => {
    const channel = Math.floor(i / 6) % 2
    return it * scale![channel]! + bias![channel]!
  })
}

const normalisations: GradientCase[] = [
  {
    name: 'over the last axis',
    operator: 'LayerNormalization',
    inputs: [spread(2, 3, 4), spread(4), spread(4)],
    reference: layerNormalised(4),
  },
  {
    name: 'over two axes',
    operator: 'LayerNormalization',
    inputs: [spread(2, 3, 4), spread(3, 4), spread(3, 4)],
    reference: layerNormalised(12, 0.01),
    attributes: { axis: 1, epsilon: { float: 0.01 } },
  },
  {
    name: 'without a bias',
    operator: 'LayerNormalization',
    inputs: [spread(5, 4), spread(4)],
    reference: layerNormalised(4),
    attributes: { axis: -1 },
  },
  { name: 'of images', operator: 'BatchNormalization', inputs: [spread(2, 3, 2, 2), ...channels] },
  {
    name: 'of rows',
    operator: 'BatchNormalization',
    opset: 13,
    inputs: [spread(4, 3), ...channels],
    attributes: { epsilon: { float: 0.1 } },
  },
  {
    name: 'of an old file',
    operator: 'BatchNormalization',
    opset: 7,
    inputs: [spread(2, 3, 2), ...channels],
  },
  {
    name: 'of images',
    operator: 'GroupNormalization',
    opset: 21,
    inputs: [spread(2, 4, 2, 3), spread(4), spread(4)],
    attributes: { num_groups: 2, epsilon: { float: 0.01 } },
    reference: ([x, scale, bias]) =>
      normalised(x!, 12, 0.01).map((it, i) => {
        const channel = Math.floor(i / 6) % 4
        return it * scale![channel]! + bias![channel]!
      }),
  },
  {
    name: 'over two axes',
    operator: 'RMSNormalization',
    opset: 23,
    inputs: [spread(2, 3, 4), spread(3, 4)],
    attributes: { axis: 1, epsilon: { float: 0.01 } },
    reference: ([x, scale]) =>
      x!.map((value, i) => {
        const start = i - (i % 12)
        const power = x!.subarray(start, start + 12).reduce((sum, it) => sum + it * it, 0) / 12
        return (value / Math.sqrt(power + 0.01)) * scale![i % 12]!
      }),
  },
  {
    name: 'of images',
    operator: 'InstanceNormalization',
    inputs: [spread(2, 2, 2, 3), spread(2), spread(2)],
    reference: instanceNormalised,
  },
]

/** Each channel among `size` around it. */
function responseNormalised(size: number, alpha: number, beta: number, bias: number) {
  const [channels, places] = [4, 3]
  return ([x]: readonly Float64Array[]): Float64Array =>
    x!.map((value, i) => {
      const at = Math.floor(i / places) % channels
      const first = Math.max(0, at - Math.floor((size - 1) / 2))
      const last = Math.min(channels - 1, at + Math.ceil((size - 1) / 2))
      let sum = 0
      for (let c = first; c <= last; c++) sum += x![i + (c - at) * places]! ** 2
      return value / (bias + (alpha / size) * sum) ** beta
    })
}

const responses: GradientCase[] = [
  {
    name: 'among three channels',
    operator: 'LRN',
    inputs: [spread(2, 4, 3, 1)],
    attributes: { size: 3, alpha: { float: 0.5 }, beta: { float: 0.6 }, bias: { float: 2 } },
    reference: responseNormalised(3, 0.5, 0.6, 2),
  },
  {
    name: 'among all channels',
    operator: 'LRN',
    inputs: [spread(2, 4, 3, 1)],
    attributes: { size: 5, alpha: { float: 1 } },
    reference: responseNormalised(5, 1, 0.75, 1),
  },
]

const losses: GradientCase[] = ['none', 'sum', 'mean'].flatMap((reduction) => [
  {
    name: reduction,
    operator: 'SoftmaxCrossEntropyLoss',
    inputs: [spread(4, 3), positions([4], 2, 0, 1, 1)],
    attributes: { reduction },
    outputs: 2,
  },
  {
    name: `${reduction}, weighted, some ignored`,
    operator: 'SoftmaxCrossEntropyLoss',
    inputs: [spread(4, 3), positions([4], 2, -1, 1, 1), fixed(positive(3))],
    attributes: { reduction, ignore_index: -1 },
  },
  {
    name: `${reduction}, of pixels`,
    operator: 'SoftmaxCrossEntropyLoss',
    inputs: [spread(2, 3, 2), positions([2, 2], 2, 0, 1, 1)],
    attributes: { reduction },
  },
  {
    name: reduction,
    operator: 'NegativeLogLikelihoodLoss',
    inputs: [spread(4, 3), positions([4], 2, 0, 1, 1)],
    attributes: { reduction },
  },
])

const softmaxes: GradientCase[] = ['Softmax', 'LogSoftmax'].flatMap((operator) => [
  { name: 'over the last axis', operator, inputs: [spread(2, 3, 4)] },
  { name: 'over an axis within', operator, inputs: [spread(2, 3, 4)], attributes: { axis: 1 } },
  {
    name: 'over the rest, in an old file',
    operator,
    opset: 11,
    inputs: [spread(2, 3, 2)],
    attributes: { axis: 1 },
  },
  { name: 'over the columns, in an old file', operator, opset: 11, inputs: [spread(3, 4)] },
  { name: 'of large numbers', operator, inputs: [floats([2, 2], 900, 899, -900, -901)] },
])

export const layerCases: readonly GradientCase[] = [
  ...products,
  ...normalisations,
  ...responses,
  ...softmaxes,
  ...losses,
]

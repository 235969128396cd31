/**
 * Universal Sentence Encoder Lite as an ONNX graph: two transformer layers with sines for
 * positions, the mean of the states, a tanh layer, and a vector of length 1.
 */
import { create } from '@bufbuild/protobuf'
import {
  type AttributeValue,
  DataType,
  floatAttribute,
  type ModelProto,
  ModelProtoSchema,
  node,
  type NodeProto,
  tensor,
  type TensorProto,
  valueInfo,
} from '../../core/onnx/index.ts'

/** Weights by their names in the original graph, without what all names begin with. */
export type Weights = (name: string) => Float32Array

const heads = 4
/** Below any score: the original's own number. */
const FORBIDDEN = -1e9

interface Layer {
  readonly inputs: number
  readonly hidden: number
}

const layers: readonly Layer[] = [
  { inputs: 256, hidden: 512 },
  { inputs: 512, hidden: 512 },
]
const width = 512
const inner = 1536
const vocabulary = 8002
const wordWidth = 256

/**
 * input_ids and attention_mask int64 [rows, length] to last_hidden_state float32 [rows, length,
 * 512] and sentence_embedding float32 [rows, 512]. Matrices are [inputs, outputs].
 */
export function sentenceEncoderGraph(weights: Weights): ModelProto {
  const nodes: NodeProto[] = []
  const tensors: TensorProto[] = []
  let unnamed = 0
  const add = (
    op: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    name = `${op.toLowerCase()}_${unnamed++}`,
  ): string => {
    nodes.push(node(op, inputs, name, attributes))
    return name
  }
  const integers = (name: string, ...values: readonly number[]): string => {
    tensors.push(tensor(name, [values.length], BigInt64Array.from(values, BigInt)))
    return name
  }
  const number = (name: string, value: number): string => {
    tensors.push(tensor(name, [], Float32Array.of(value)))
    return name
  }
  const weight = (name: string, shape: readonly number[], values: Float32Array): string => {
    tensors.push(tensor(name, shape, values))
    return name
  }
  const linear = (
    x: string,
    name: string,
    [inputs, outputs]: readonly [number, number],
    of: { readonly matrix: string; readonly bias: string },
  ): string => {
    const matrix = weight(`${name}.weight`, [inputs, outputs], weights(of.matrix))
    const bias = weight(`${name}.bias`, [outputs], weights(of.bias))
    return add('Add', [add('MatMul', [x, matrix]), bias])
  }
  const norm = (x: string, name: string, length: number, of: string): string => {
    const scale = weight(`${name}.weight`, [length], weights(`${of}/layer_norm_scale/${concat}`))
    const bias = weight(`${name}.bias`, [length], weights(`${of}/layer_norm_bias/${concat}`))
    const result = add('LayerNormalization', [x, scale, bias], { axis: -1 })
    nodes.at(-1)!.attribute.push(floatAttribute('epsilon', 1e-6))
    return result
  }

  const axisOne = integers('axis_one', 1)
  const mask = add('Cast', ['attention_mask'], { to: DataType.FLOAT })
  const one = number('one', 1)
  const hidden = add('Mul', [add('Sub', [one, mask]), number('forbidden', FORBIDDEN)])
  const bias = add('Unsqueeze', [hidden, integers('axes_heads', 1, 2)])
  const column = add('Unsqueeze', [mask, integers('axis_last', 2)])

  // A row's positions count its tokens, wherever its padding lies.
  tensors.push(tensor('axis', [], BigInt64Array.of(1n)))
  const counted = add('CumSum', [mask, 'axis'])
  const positions = add('Unsqueeze', [add('Sub', [counted, one]), 'axis_last'])
  tensors.push(
    tensor(
      'frequencies',
      [1, 1, wordWidth / 2],
      weights(`${stack}/Layer_0/AddTimingSignal/TimingSignal/ExpandDims_1`),
    ),
  )
  const angles = add('Mul', [positions, 'frequencies'])
  const timing = add('Concat', [add('Sin', [angles]), add('Cos', [angles])], { axis: -1 })
  const words = weight(
    'embeddings.weight',
    [vocabulary, wordWidth],
    weights('module/Embeddings_en'),
  )
  const tokens = add('Gather', [words, 'input_ids'])
  // The original adds the words to their own sum with the sines.
  let x = add('Add', [tokens, add('Add', [tokens, timing])])

  layers.forEach(({ inputs, hidden }, index) => {
    const name = `layers.${index}`
    const own = `${encode}/Layer_${index}/TransformerLayer`
    const kernels = `module/Encoder_en/KonaTransformer/Encode/Layer_${index}/TransformerLayer`
    const size = inputs / heads
    const normed = norm(
      x,
      `${name}.attention_norm`,
      inputs,
      `${own}/layer_prepostprocess/layer_norm`,
    )
    const qkv = linear(normed, `${name}.attention.qkv`, [inputs, 3 * inputs], {
      matrix: `${kernels}/MultiheadAttention/qkv_transform_single/kernel/part_0`,
      bias: `${own}/MultiheadAttention/qkv_transform_single/bias/${concat}`,
    })
    const split = integers(`${name}.split`, 0, 0, heads, size)
    const [query, key, value] = [0, 1, 2].map((part) => {
      const from = integers(`${name}.from_${part}`, part * inputs)
      const to = integers(`${name}.to_${part}`, (part + 1) * inputs)
      return add('Reshape', [add('Slice', [qkv, from, to, 'axis_last']), split])
    }) as [string, string, string]
    const scaled = add('Mul', [
      add('Transpose', [query], { perm: [0, 2, 1, 3] }),
      number(`${name}.scale`, Math.fround(1 / Math.sqrt(size))),
    ])
    const scores = add('MatMul', [scaled, add('Transpose', [key], { perm: [0, 2, 3, 1] })])
    const shares = add('Softmax', [add('Add', [scores, bias])], { axis: -1 })
    const mixed = add('MatMul', [shares, add('Transpose', [value], { perm: [0, 2, 1, 3] })])
    const joined = add('Reshape', [
      add('Transpose', [mixed], { perm: [0, 2, 1, 3] }),
      integers(`${name}.join`, 0, 0, inputs),
    ])
    const attended = linear(joined, `${name}.attention.output`, [inputs, hidden], {
      matrix: `${kernels}/MultiheadAttention/output_transform_single/kernel/part_0`,
      bias: `${own}/MultiheadAttention/output_transform_single/bias/${concat}`,
    })
    const residual =
      inputs === hidden
        ? x
        : linear(x, `${name}.widen`, [inputs, hidden], {
            matrix: `${own}/dense/kernel/${concat}`,
            bias: `${own}/dense/bias/${concat}`,
          })
    const after = add('Add', [attended, residual])
    const ffn = `${stack}/Layer_${index}/TransformerLayer/FFN`
    const wide = linear(
      norm(after, `${name}.ffn_norm`, hidden, `${own}/FFN/layer_prepostprocess/layer_norm`),
      `${name}.ffn.inner`,
      [hidden, inner],
      { matrix: `${ffn}/conv1/Tensordot/Reshape_1`, bias: `${own}/FFN/conv1/bias/${concat}` },
    )
    const narrow = linear(add('Relu', [wide]), `${name}.ffn.output`, [inner, hidden], {
      matrix: `${ffn}/conv2/Tensordot/Reshape_1`,
      bias: `${own}/FFN/conv2/bias/${concat}`,
    })
    x = add('Add', [narrow, after])
  })
  add('Identity', [x], {}, 'last_hidden_state')
  const sum = add('ReduceSum', [add('Mul', [x, column]), axisOne], { keepdims: 0 })
  const count = add('Max', [add('ReduceSum', [mask, axisOne], { keepdims: 1 }), one])
  const pooled = linear(add('Div', [sum, count]), 'pooler', [width, width], {
    matrix: 'module/Encoder_en/hidden_layers/tanh_layer_0/weights',
    bias: 'module/Encoder_en/hidden_layers/tanh_layer_0/bias',
  })
  const bent = add('Tanh', [pooled])
  const square = add('ReduceSum', [add('Mul', [bent, bent]), axisOne], { keepdims: 1 })
  const length = add('Sqrt', [add('Max', [square, number('least', 1e-12)])])
  add('Div', [bent, length], {}, 'sentence_embedding')
  const rows = ['rows', 'length'] as const
  return create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: 'HiSo Studio',
    opsetImport: [{ domain: '', version: 17n }],
    graph: {
      name: 'universal-sentence-encoder-lite',
      node: nodes,
      initializer: tensors,
      input: ['input_ids', 'attention_mask'].map((it) => valueInfo(it, DataType.INT64, rows)),
      output: [
        valueInfo('last_hidden_state', DataType.FLOAT, [...rows, width]),
        valueInfo('sentence_embedding', DataType.FLOAT, ['rows', width]),
      ],
    },
  })
}

const concat = 'ConcatPartitions/concat'
const transformer = 'module_apply_default/Encoder_en/KonaTransformer'
const encode = `${transformer}/Encode`
const stack = `${encode}/TransformerStack`

/**
 * OPT's decoder as an ONNX graph of any size: learned positions that begin at 2, ReLU between two
 * dense layers, biases everywhere, and one matrix for embedding and output. Its weights are
 * declared without data, which comes from a seed or from given arrays.
 */
import { create } from '@bufbuild/protobuf'
import {
  type AttributeValue,
  DataType,
  type ModelProto,
  ModelProtoSchema,
  node,
  type NodeProto,
  tensor,
  type TensorProto,
  TensorProtoSchema,
  valueInfo,
} from '../../onnx/index.ts'
import type { OptShape } from './optShapes.ts'

/**
 * Further below 0 than any score, so that its exponential is 0; finite, so that a row of padding
 * gives no NaN.
 */
const FORBIDDEN = -1e9

/** Places in the table before the first position that OPT uses. */
const POSITION_OFFSET = 2

/**
 * The decoder: input_ids and attention_mask int64 [rows, length] to logits float32 [rows, length,
 * vocabulary].
 *
 * Parameters have Hugging Face's names below `model.decoder.`. Matrices are [inputs, outputs], the
 * transpose of PyTorch's, except the embeddings. They are initializers without data.
 */
export function optDecoder(shape: OptShape): ModelProto {
  const { hidden, heads, embedding = hidden, normLast = false } = shape
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
  const weight = (name: string, ...dims: readonly number[]): string => {
    const dataType = DataType.FLOAT
    tensors.push(create(TensorProtoSchema, { name, dims: dims.map(BigInt), dataType }))
    return name
  }
  const norm = (x: string, name: string) =>
    add('LayerNormalization', [x, weight(`${name}.weight`, hidden), weight(`${name}.bias`, hidden)])
  const linear = (x: string, name: string, inputs: number, outputs: number) =>
    add('Gemm', [x, weight(`${name}.weight`, inputs, outputs), weight(`${name}.bias`, outputs)])

  const axisOne = integers('axis_one', 1)
  const scalarAxis = integers('axis_zero', 0)
  const flat = integers('flat', -1, hidden)
  const size = add('Shape', ['input_ids'])
  const split = add('Concat', [size, integers('heads', heads, hidden / heads)], { axis: 0 })

  // Which token may attend to which: to itself and to earlier tokens that are no padding.
  const length = add('Squeeze', [add('Slice', [size, axisOne, integers('two', 2)]), scalarAxis])
  tensors.push(tensor('zero', [], BigInt64Array.of(0n)), tensor('one', [], BigInt64Array.of(1n)))
  const places = add('Range', ['zero', length, 'one'])
  const later = add('Less', [add('Unsqueeze', [places, axisOne]), places])
  const isPadding = add('Equal', ['attention_mask', 'zero'])
  const hides = add('Or', [later, add('Unsqueeze', [isPadding, integers('axes_head', 1, 2)])])
  const mask = add('Where', [hides, number('forbidden', FORBIDDEN), number('allowed', 0)])

  // A row's positions count its tokens, wherever its padding lies.
  const counted = add('Mul', [add('CumSum', ['attention_mask', 'one']), 'attention_mask'])
  tensors.push(tensor('offset', [], BigInt64Array.of(BigInt(POSITION_OFFSET - 1))))
  const positions = add('Add', [counted, 'offset'])

  const embeddings = weight('embed_tokens.weight', shape.vocabulary, embedding)
  const table = weight('embed_positions.weight', shape.positions + POSITION_OFFSET, hidden)
  let words = add('Gather', [embeddings, 'input_ids'])
  if (embedding !== hidden)
    words = add('MatMul', [words, weight('project_in.weight', embedding, hidden)])
  let x = add('Reshape', [add('Add', [words, add('Gather', [table, positions])]), flat])
  const scale = number('scale', 1 / Math.sqrt(hidden / heads))
  for (let layer = 0; layer < shape.layers; layer++) {
    const at = `layers.${layer}`
    const around = (name: string, part: (input: string) => string) => {
      if (normLast) return norm(add('Add', [x, part(x)]), name)
      return add('Add', [x, part(norm(x, name))])
    }
    x = around(`${at}.self_attn_layer_norm`, (input) => {
      const projected = (part: string, perm: readonly number[]) => {
        const whole = linear(input, `${at}.self_attn.${part}`, hidden, hidden)
        return add('Transpose', [add('Reshape', [whole, split])], { perm })
      }
      const query = add('Mul', [projected('q_proj', [0, 2, 1, 3]), scale])
      const scores = add('MatMul', [query, projected('k_proj', [0, 2, 3, 1])])
      const shares = add('Softmax', [add('Add', [scores, mask])], { axis: 3 })
      const mixed = add('MatMul', [shares, projected('v_proj', [0, 2, 1, 3])])
      const joined = add('Reshape', [add('Transpose', [mixed], { perm: [0, 2, 1, 3] }), flat])
      return linear(joined, `${at}.self_attn.out_proj`, hidden, hidden)
    })
    x = around(`${at}.final_layer_norm`, (input) => {
      const inner = add('Relu', [linear(input, `${at}.fc1`, hidden, shape.ffn)])
      return linear(inner, `${at}.fc2`, shape.ffn, hidden)
    })
  }
  if (!normLast) x = norm(x, 'final_layer_norm')
  if (embedding !== hidden) x = add('MatMul', [x, weight('project_out.weight', hidden, embedding)])
  const flatLogits = add('Gemm', [x, embeddings], { transB: 1 })
  const wide = add('Concat', [size, integers('vocabulary', shape.vocabulary)], { axis: 0 })
  add('Reshape', [flatLogits, wide], {}, 'logits')
  const rows = ['rows', 'length'] as const
  return create(ModelProtoSchema, {
    irVersion: 8n,
    producerName: 'HiSo Studio',
    opsetImport: [{ domain: '', version: 17n }],
    graph: {
      name: 'opt',
      node: nodes,
      initializer: tensors,
      input: ['input_ids', 'attention_mask'].map((it) => valueInfo(it, DataType.INT64, rows)),
      output: [valueInfo('logits', DataType.FLOAT, [...rows, shape.vocabulary])],
    },
  })
}

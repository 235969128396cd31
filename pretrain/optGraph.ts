/** The graph that pre-training differentiates: an OPT decoder on whole rows of tokens, and the loss of each next token. */
import { create } from '@bufbuild/protobuf'
import { ModelProtoSchema } from '../core/model/onnx.generated.ts'
import {
  DataType,
  encodeModel,
  node,
  tensor,
  valueInfo,
  type NodeProto,
  type TensorProto,
} from '../core/model/onnxModel.ts'
import type { OptShape } from '../core/model/index.ts'

export interface Parameter {
  readonly name: string
  readonly shape: readonly number[]
}

/** Parameters by Hugging Face's names; matrices [inputs, outputs]. */
export function optParameters({
  layers,
  hidden,
  ffn,
  vocabulary,
  positions,
}: OptShape): Parameter[] {
  const own: Parameter[] = [
    { name: 'embed_tokens.weight', shape: [vocabulary, hidden] },
    { name: 'embed_positions.weight', shape: [positions + 2, hidden] },
  ]
  const norm = (name: string) => {
    own.push({ name: `${name}.weight`, shape: [hidden] }, { name: `${name}.bias`, shape: [hidden] })
  }
  const linear = (name: string, inputs: number, outputs: number) => {
    own.push(
      { name: `${name}.weight`, shape: [inputs, outputs] },
      { name: `${name}.bias`, shape: [outputs] },
    )
  }
  for (let layer = 0; layer < layers; layer++) {
    const at = `layers.${layer}`
    norm(`${at}.self_attn_layer_norm`)
    for (const part of ['q_proj', 'k_proj', 'v_proj', 'out_proj'])
      linear(`${at}.self_attn.${part}`, hidden, hidden)
    norm(`${at}.final_layer_norm`)
    linear(`${at}.fc1`, hidden, ffn)
    linear(`${at}.fc2`, ffn, hidden)
  }
  norm('final_layer_norm')
  return own
}

/** More below 0 than any score: e to it is 0. */
const FORBIDDEN = -1e9

/**
 * Inputs besides the parameters: tokens int64 [rows, length], targets int64 [rows · length, 1]. Output: losses float32 [rows · length], the
 * cross-entropy of each target given the tokens up to its own place.
 */
export function optGraph(shape: OptShape, rows: number, length: number): Uint8Array {
  const nodes: NodeProto[] = []
  const constants: TensorProto[] = []
  let unnamed = 0
  const add = (op: string, inputs: readonly string[], attributes = {}, name = `v${unnamed++}`) => {
    nodes.push(node(op, inputs, name, attributes))
    return name
  }
  const integers = (name: string, values: readonly number[]) => {
    constants.push(tensor(name, [values.length], BigInt64Array.from(values, BigInt)))
    return name
  }
  const flat = integers('flat', [-1, shape.hidden])
  const every = integers('every', [-1])
  integers('split', [rows, length, shape.heads, shape.hidden / shape.heads])
  // OPT counts positions from 2.
  integers(
    'positions',
    Array.from({ length }, (_, at) => at + 2),
  )
  const mask = Float32Array.from({ length: length * length }, (_, at) =>
    at % length > Math.floor(at / length) ? FORBIDDEN : 0,
  )
  constants.push(tensor('mask', [length, length], mask))
  constants.push(tensor('scale', [1], Float32Array.of(1 / Math.sqrt(shape.hidden / shape.heads))))
  const norm = (x: string, name: string) =>
    add('LayerNormalization', [x, `${name}.weight`, `${name}.bias`])
  const linear = (x: string, name: string) => add('Gemm', [x, `${name}.weight`, `${name}.bias`])

  const words = add('Gather', ['embed_tokens.weight', 'tokens'])
  const places = add('Gather', ['embed_positions.weight', 'positions'])
  let x = add('Reshape', [add('Add', [words, places]), flat])
  for (let layer = 0; layer < shape.layers; layer++) {
    const at = `layers.${layer}`
    const normed = norm(x, `${at}.self_attn_layer_norm`)
    const heads = (part: string, perm: readonly number[]) =>
      add('Transpose', [add('Reshape', [linear(normed, `${at}.self_attn.${part}`), 'split'])], {
        perm,
      })
    const query = add('Mul', [heads('q_proj', [0, 2, 1, 3]), 'scale'])
    const scores = add('Add', [add('MatMul', [query, heads('k_proj', [0, 2, 3, 1])]), 'mask'])
    const mixed = add('MatMul', [
      add('Softmax', [scores], { axis: 3 }),
      heads('v_proj', [0, 2, 1, 3]),
    ])
    const joined = add('Reshape', [add('Transpose', [mixed], { perm: [0, 2, 1, 3] }), flat])
    x = add('Add', [x, linear(joined, `${at}.self_attn.out_proj`)])
    const inner = add('Relu', [linear(norm(x, `${at}.final_layer_norm`), `${at}.fc1`)])
    x = add('Add', [x, linear(inner, `${at}.fc2`)])
  }
  const last = norm(x, 'final_layer_norm')
  const logits = add('Gemm', [last, 'embed_tokens.weight'], { transB: 1 })
  const logProbabilities = add('LogSoftmax', [logits], { axis: 1 })
  const chosen = add('GatherElements', [logProbabilities, 'targets'], { axis: 1 })
  add('Neg', [add('Reshape', [chosen, every])], {}, 'losses')
  return encodeModel(
    create(ModelProtoSchema, {
      irVersion: 8n,
      producerName: 'HiSo Studio',
      opsetImport: [{ domain: '', version: 17n }],
      graph: {
        name: 'opt',
        node: nodes,
        initializer: constants,
        input: [
          valueInfo('tokens', DataType.INT64, [rows, length]),
          valueInfo('targets', DataType.INT64, [rows * length, 1]),
          ...optParameters(shape).map((it) => valueInfo(it.name, DataType.FLOAT, [...it.shape])),
        ],
        output: [valueInfo('losses', DataType.FLOAT, [rows * length])],
      },
    }),
  )
}

/**
 * A small decoder in the form in which exporters for ONNX Runtime write Llama's kind:
 * com.microsoft's GroupQueryAttention with a cache, rotary embeddings, norms fused with the sums
 * before them; matrices in float32, in four bits, or in eight with activations rounded on the way.
 */
import { RandomStream } from '../random/index.ts'
import { ModelProtoSchema, TensorProtoSchema, type ModelProto } from '../onnx/onnx.generated.ts'
import {
  encodeModel,
  node,
  valueInfo,
  type AttributeValue,
  type NodeProto,
  type TensorProto,
} from '../onnx/onnxModel.ts'
import { DataType, tensor } from '../onnx/tensorValues.ts'
import { create } from '@bufbuild/protobuf'

export interface GroupedQueryForm {
  /** How the matrices of the layers and the head are stored. */
  readonly matrices: 'float32' | 'four bits' | 'eight bits'
  /**
   * Where queries and keys are turned: by operators of their own, which take position_ids, or
   * within the attention.
   */
  readonly rotary: 'operator' | 'attention'
  /** Whether it asks from how many places logits are wanted, as newer exports do. */
  readonly asksForLogits?: boolean
}

const layers = 2
const hidden = 32
const heads = 2
const keyHeads = 1
const headSize = 16
const ffn = 48
/** Of a packed matrix: so many inputs share a scale. */
const BLOCK = 16
const positions = 64
const MICROSOFT = 'com.microsoft'

/**
 * The file's bytes. Inputs as Hugging Face calls them; `logits` are float32 [rows, length,
 * vocabulary].
 */
export function groupedQueryDecoder(form: GroupedQueryForm, vocabulary: number): Uint8Array {
  return encodeModel(new Builder(form, vocabulary).build())
}

class Builder {
  readonly #form: GroupedQueryForm
  readonly #vocabulary: number
  readonly #nodes: NodeProto[] = []
  readonly #tensors: TensorProto[] = []

  constructor(form: GroupedQueryForm, vocabulary: number) {
    this.#form = form
    this.#vocabulary = vocabulary
  }

  build(): ModelProto {
    const { rotary, asksForLogits = false } = this.#form
    const caches = Array.from({ length: layers }, (_, layer) =>
      ['key', 'value'].map((it) => `past_key_values.${layer}.${it}`),
    ).flat()
    const cacheShape = ['rows', keyHeads, 'past', headSize]
    let x = this.#embeddings()
    this.#angles()
    this.#lengths()
    let normed = this.#add('SimplifiedLayerNormalization', 'layers.0.input_layernorm', [
      x,
      this.#ones('layers.0.input_layernorm.weight'),
    ])
    for (let layer = 0; layer < layers; layer++) {
      const name = (part: string) => `layers.${layer}.${part}`
      const attended = this.#attention(normed, layer)
      ;[normed, x] = this.#skipNorm(name('post_attention_layernorm'), x, attended)
      const gate = this.#linear(normed, name('gate_proj'), hidden, ffn)
      const swish = this.#add('Mul', name('swish'), [
        gate,
        this.#add('Sigmoid', name('sigmoid'), [gate]),
      ])
      const gated = this.#add('Mul', name('gated'), [
        swish,
        this.#linear(normed, name('up_proj'), hidden, ffn),
      ])
      const down = this.#linear(gated, name('down_proj'), ffn, hidden)
      ;[normed, x] = this.#skipNorm(
        layer + 1 === layers ? 'norm' : `layers.${layer + 1}.input_layernorm`,
        x,
        down,
      )
    }
    if (asksForLogits) {
      const from = this.#add('Neg', 'from', ['num_logits_to_keep'])
      const starts = this.#add('Reshape', 'starts', [from, this.#integers('one', 1)])
      normed = this.#add('Slice', 'kept', [
        normed,
        starts,
        this.#integers('end', 2 ** 40),
        this.#integers('axis', 1),
      ])
    }
    this.#linear(normed, 'lm_head', hidden, this.#vocabulary, 'logits')
    const integer = (name: string) => valueInfo(name, DataType.INT64, ['rows', 'length'])
    return create(ModelProtoSchema, {
      irVersion: 8n,
      producerName: 'onnxruntime-genai',
      opsetImport: [
        { domain: '', version: 17n },
        { domain: MICROSOFT, version: 1n },
      ],
      graph: {
        name: 'grouped-query',
        node: this.#nodes,
        initializer: this.#tensors,
        input: [
          ...[
            'input_ids',
            'attention_mask',
            ...(rotary === 'operator' ? ['position_ids'] : []),
          ].map(integer),
          ...(asksForLogits ? [valueInfo('num_logits_to_keep', DataType.INT64, [])] : []),
          ...caches.map((it) => valueInfo(it, DataType.FLOAT, cacheShape)),
        ],
        output: [
          valueInfo('logits', DataType.FLOAT, ['rows', 'length', this.#vocabulary]),
          ...caches.map((it) =>
            valueInfo(it.replace('past_key_values', 'present'), DataType.FLOAT, cacheShape),
          ),
        ],
      },
    })
  }

  /** Tables of cosines and sines, [positions, headSize / 2]. */
  #angles(): void {
    const half = headSize / 2
    const angle = (i: number) => Math.floor(i / half) / 10_000 ** ((i % half) / half)
    const table = (of: (angle: number) => number) =>
      Float32Array.from({ length: positions * half }, (_, i) => of(angle(i)))
    this.#tensors.push(tensor('cos_cache', [positions, half], table(Math.cos)))
    this.#tensors.push(tensor('sin_cache', [positions, half], table(Math.sin)))
  }

  /**
   * What the attention asks of the mask: the last token's place of each row, and the length of all.
   */
  #lengths(): void {
    const sums = this.#add(
      'ReduceSum',
      'tokens_per_row',
      ['attention_mask', this.#integers('sum_axis', 1)],
      { keepdims: 0 },
    )
    const last = this.#add('Sub', 'last_places', [sums, this.#integers('sub_one', 1)])
    this.#add('Cast', 'seqlens_k', [last], { to: DataType.INT32 })
    const shape = this.#add('Shape', 'mask_shape', ['attention_mask'])
    this.#tensors.push(tensor('length_axis', [], BigInt64Array.of(1n)))
    const total = this.#add('Gather', 'mask_length', [shape, 'length_axis'])
    this.#add('Cast', 'total_length', [total], { to: DataType.INT32 })
  }

  #attention(x: string, layer: number): string {
    const name = (part: string) => `layers.${layer}.${part}`
    const inside = this.#form.rotary === 'attention'
    const turn = (value: string, count: number) =>
      inside
        ? value
        : this.#add(
            'RotaryEmbedding',
            `${value}_turned`,
            [value, 'position_ids', 'cos_cache', 'sin_cache'],
            { num_heads: count, interleaved: 0 },
            MICROSOFT,
          )
    const q = turn(this.#linear(x, name('q_proj'), hidden, heads * headSize), heads)
    const k = turn(this.#linear(x, name('k_proj'), hidden, keyHeads * headSize), keyHeads)
    const v = this.#linear(x, name('v_proj'), hidden, keyHeads * headSize)
    const cache = ['key', 'value'].map((it) => `past_key_values.${layer}.${it}`)
    const attended = this.#add(
      'GroupQueryAttention',
      name('attention'),
      [
        q,
        k,
        v,
        ...cache,
        'seqlens_k',
        'total_length',
        ...(inside ? ['cos_cache', 'sin_cache'] : []),
      ],
      { num_heads: heads, kv_num_heads: keyHeads, ...(inside ? { do_rotary: 1 } : {}) },
      MICROSOFT,
    )
    this.#nodes.at(-1)!.output.push(...cache.map((it) => it.replace('past_key_values', 'present')))
    return this.#linear(attended, name('o_proj'), heads * headSize, hidden)
  }

  /** x + y, and its norm. */
  #skipNorm(name: string, x: string, y: string): [normed: string, sum: string] {
    const normed = this.#add(
      'SkipSimplifiedLayerNormalization',
      name,
      [x, y, this.#ones(`${name}.weight`)],
      {},
      MICROSOFT,
    )
    this.#nodes.at(-1)!.output.push('', '', `${name}_sum`)
    return [normed, `${name}_sum`]
  }

  /** With matrices in four bits the embeddings are too, as in the files called model_q4.onnx. */
  #embeddings(): string {
    if (this.#form.matrices !== 'four bits')
      return this.#add('Gather', 'embeddings', [
        this.#weight('embed_tokens.weight', this.#vocabulary, hidden),
        'input_ids',
      ])
    const packed = this.#randomBytes((this.#vocabulary * hidden) / 2)
    this.#bytes('embed_tokens.weight_Q4', DataType.UINT8, [this.#vocabulary, hidden / 2], packed)
    const scales = new Float32Array((this.#vocabulary * hidden) / BLOCK).fill(0.08)
    this.#tensors.push(
      tensor('embed_tokens.weight_scales', [this.#vocabulary, hidden / BLOCK], scales),
    )
    return this.#add(
      'GatherBlockQuantized',
      'embeddings',
      ['embed_tokens.weight_Q4', 'input_ids', 'embed_tokens.weight_scales'],
      { bits: 4, block_size: BLOCK, gather_axis: 0, quantize_axis: 1 },
      MICROSOFT,
    )
  }

  #randomBytes(length: number): Uint8Array<ArrayBuffer> {
    const stream = this.#stream()
    return Uint8Array.from({ length }, () => 256 * stream.uniform())
  }

  #linear(x: string, name: string, inputs: number, outputs: number, output = name): string {
    switch (this.#form.matrices) {
      case 'float32':
        return this.#add('MatMul', output, [x, this.#weight(`${name}.weight`, inputs, outputs)])
      case 'four bits':
        return this.#fourBits(x, name, inputs, outputs, output)
      case 'eight bits':
        return this.#eightBits(x, name, inputs, outputs, output)
    }
  }

  #fourBits(x: string, name: string, inputs: number, outputs: number, output: string): string {
    const blocks = Math.ceil(inputs / BLOCK)
    const packed = this.#randomBytes((outputs * blocks * BLOCK) / 2)
    this.#bytes(`${name}.weight_Q4`, DataType.UINT8, [outputs, blocks, BLOCK / 2], packed)
    const scales = new Float32Array(outputs * blocks).fill(0.08)
    this.#tensors.push(tensor(`${name}.weight_scales`, [outputs * blocks], scales))
    const sizes = { K: inputs, N: outputs, bits: 4, block_size: BLOCK }
    return this.#add(
      'MatMulNBits',
      output,
      [x, `${name}.weight_Q4`, `${name}.weight_scales`],
      sizes,
      MICROSOFT,
    )
  }

  #eightBits(x: string, name: string, inputs: number, outputs: number, output: string): string {
    const stream = this.#stream()
    const values = Int8Array.from({ length: inputs * outputs }, () => 255 * stream.uniform() - 127)
    this.#bytes(
      `${name}.weight_quantized`,
      DataType.INT8,
      [inputs, outputs],
      new Uint8Array(values.buffer),
    )
    this.#tensors.push(tensor(`${name}.weight_scale`, [], Float32Array.of(0.004)))
    const [rounded, scale, zero] = ['rounded', 'scale', 'zero'].map((it) => `${name}_${it}`) as [
      string,
      string,
      string,
    ]
    this.#add('DynamicQuantizeLinear', rounded, [x])
    this.#nodes.at(-1)!.output.push(scale, zero)
    const product = this.#add('MatMulInteger', `${name}_integers`, [
      rounded,
      `${name}.weight_quantized`,
      zero,
    ])
    const floats = this.#add('Cast', `${name}_floats`, [product], { to: DataType.FLOAT })
    return this.#add('Mul', output, [
      floats,
      this.#add('Mul', `${name}_step`, [scale, `${name}.weight_scale`]),
    ])
  }

  #weight(name: string, ...shape: readonly [number, number]): string {
    const stream = this.#stream()
    const values = Float32Array.from({ length: shape[0] * shape[1] }, () => 0.4 * stream.normal())
    this.#tensors.push(tensor(name, shape, values))
    return name
  }

  #ones(name: string): string {
    this.#tensors.push(tensor(name, [hidden], new Float32Array(hidden).fill(1)))
    return name
  }

  #integers(name: string, ...values: readonly number[]): string {
    this.#tensors.push(tensor(name, [values.length], BigInt64Array.from(values, BigInt)))
    return name
  }

  #bytes(
    name: string,
    dataType: DataType,
    shape: readonly number[],
    rawData: Uint8Array<ArrayBuffer>,
  ): void {
    this.#tensors.push(
      create(TensorProtoSchema, { name, dims: shape.map(BigInt), dataType, rawData }),
    )
  }

  /** Another one for each tensor. */
  #stream(): RandomStream {
    return new RandomStream(5, 'initialisation', this.#tensors.length)
  }

  #add(
    opType: string,
    output: string,
    inputs: readonly string[],
    attributes: Readonly<Record<string, AttributeValue>> = {},
    domain = '',
  ): string {
    this.#nodes.push(node(opType, inputs, output, attributes, domain))
    return output
  }
}

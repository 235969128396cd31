import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encodeModel,
  node,
  valueInfo,
  type GraphProto,
  type ModelProto,
} from '../../onnx/onnxModel.ts'
import { DataType, float32Values, tensor } from '../../onnx/tensorValues.ts'
import { exportDecoder } from './exportDecoder.ts'
import { buildOpt, importDecoder } from './openDecoder.ts'
import { optDecoder } from './optDecoder.ts'
import { optShapes } from './optShapes.ts'
import { planDecoder, trainDecoder } from './trainDecoder.ts'
import { float16Value } from './widen.ts'

const shape = { layers: 1, hidden: 8, heads: 2, ffn: 12, vocabulary: 13, positions: 9 }
const full = { kind: 'full' } as const
const lora = { kind: 'lora', rank: 2, alpha: 4, targets: ['q', 'v'] } as const

/** Our OPT as somebody's file, its weights in it, spoilt in one way. */
function file(change: (graph: GraphProto) => void = () => {}): Uint8Array {
  const model = optDecoder(shape) as ModelProto & { graph: GraphProto }
  for (const it of model.graph.initializer) {
    const size = it.dims.reduce((product, length) => product * Number(length), 1)
    if (it.dataType === DataType.FLOAT && it.rawData.length === 0)
      it.rawData = new Uint8Array(new Float32Array(size).fill(0.5).buffer)
  }
  change(model.graph)
  return encodeModel(model)
}

const weightOf = (graph: GraphProto, name: string) =>
  graph.initializer.find((it) => it.name === name)!

it('a decoder whose values go on along 2^60 ways is recognised at once', () => {
  const bytes = file((graph) => {
    const [logits] = graph.output
    const softmax = graph.node.filter(({ opType }) => opType === 'Softmax').at(-1)!
    const wide = (from: string, name: string, by: number) =>
      Array.from({ length: 60 }, (_, i) => {
        const at = i === 0 ? from : `${name}${i - 1}`
        return Array.from({ length: by }, (_, k) =>
          node('Add', [at, at], `${name}${i}${'.'.repeat(k)}`),
        )
      }).flat()
    graph.node.push(...wide(softmax.output[0]!, 'ways', 1), ...wide(logits!.name, 'more', 2))
  })
  const started = performance.now()
  expect(importDecoder(bytes).linears.length).toBeGreaterThan(3)
  expect(performance.now() - started).toBeLessThan(2000)
})

describe('an OPT decoder', () => {
  it.each([
    // From the sizes: embeddings, positions, layers, norms (and 350m's projections).
    ['opt-125m', 125_239_296],
    ['opt-350m', 331_196_416],
    ['opt-1.3b', 1_315_758_080],
    ['opt-2.7b', 2_651_596_800],
  ] as const)('of a published size has its parameters: %s', (name, dim) => {
    const { weights } = buildOpt(optShapes[name], 1)
    expect(weights.reduce((sum, it) => sum + it.size, 0)).toBe(dim)
    expect(weights.filter((it) => it.obstacle !== undefined)).toEqual([])
    const plan = planDecoder(buildOpt(optShapes[name], 1), { trainables: lora, seed: 1 })
    const { layers, hidden } = optShapes[name]
    expect(plan.dim).toBe(layers * 2 * 2 * 2 * hidden)
  })

  it('starts from its seed: the same for the same, another for another', () => {
    const start = (seed: number) =>
      trainDecoder(buildOpt(shape, seed), { trainables: full, seed }).initialParams()
    expect(start(1)).toEqual(start(1))
    expect(start(1)).not.toEqual(start(2))
    const deviation = Math.sqrt(
      start(1)
        .slice(0, 104)
        .reduce((sum, it) => sum + it * it, 0) / 104,
    )
    expect(deviation).toBeGreaterThan(0.015)
    expect(deviation).toBeLessThan(0.025)
  })

  it('with LoRA begins as it is: every B is 0, no A is', () => {
    const graph = trainDecoder(buildOpt(shape, 1), { trainables: lora, seed: 1 })
    const params = graph.initialParams()
    expect(graph.trainables.map((it) => it.name)).toEqual([
      'layers.0.self_attn.q_proj.weight.lora_A',
      'layers.0.self_attn.q_proj.weight.lora_B',
      'layers.0.self_attn.v_proj.weight.lora_A',
      'layers.0.self_attn.v_proj.weight.lora_B',
    ])
    for (const { name, offset, size } of graph.trainables) {
      const values = params.subarray(offset, offset + size)
      expect(values.some((it) => it !== 0)).toBe(name.endsWith('A'))
    }
  })
})

describe('an imported decoder', () => {
  it('gets empty caches where it wants some', () => {
    const wanting = file((graph) => {
      const dims = ['rows', 2, 'past', 4] as const
      graph.input.push(valueInfo('past_key_values.0.key', DataType.FLOAT, dims))
    })
    expect(importDecoder(wanting).inputs.past).toEqual([
      { name: 'past_key_values.0.key', heads: 2, headSize: 4 },
    ])
  })

  it('merged of two is refused with the file to take', () => {
    const merged = file((graph) => {
      graph.input.push(valueInfo('use_cache_branch', DataType.BOOL, [1]))
    })
    expect(() => importDecoder(merged)).toThrow(/use_cache_branch.*two models.*decoder_model\.onnx/)
  })

  it('without tokens is refused by the inputs that it has', () => {
    const images = file((graph) => {
      graph.input = [valueInfo('pixels', DataType.FLOAT, ['rows', 3])]
    })
    expect(() => importDecoder(images)).toThrow(/takes tokens as integers.*pixels/)
  })

  it('with quantised weights is refused in full, and LoRA is offered and works', () => {
    const quantised = () =>
      importDecoder(
        file((graph) => {
          const name = 'layers.0.self_attn.q_proj.weight'
          const weight = weightOf(graph, name)
          weight.dataType = DataType.INT8
          weight.rawData = new Uint8Array(64)
          graph.initializer.push(tensor('q_scale', [], Float32Array.of(0.1)))
          const reader = graph.node.find((it) => it.input.includes(name))!
          reader.input[1] = 'dequantised'
          graph.node.unshift(node('DequantizeLinear', [name, 'q_scale'], 'dequantised'))
        }),
      )
    expect(() => trainDecoder(quantised(), { trainables: full, seed: 1 })).toThrow(
      /quantised to int8.*Choose task\.trainables\.kind: lora/,
    )
    const chosen = { kind: 'pattern', names: ['*q_proj*'] } as const
    expect(() => trainDecoder(quantised(), { trainables: chosen, seed: 1 })).toThrow(
      /q_proj\.weight: the weight is quantised to int8.*it can't be trained\./,
    )
    const biases = { kind: 'pattern', names: ['*q_proj.bias'] } as const
    expect(trainDecoder(quantised(), { trainables: biases, seed: 1 }).dim).toBe(shape.hidden)
    expect(trainDecoder(quantised(), { trainables: lora, seed: 1 }).trainables).toHaveLength(4)
  })

  it('with weights of four bits is refused in full; LoRA works, and is written as an adapter only', () => {
    const packed = () =>
      importDecoder(
        file((graph) => {
          const name = 'layers.0.self_attn.q_proj.weight'
          const weight = weightOf(graph, name)
          // [outputs, blocks, bytes of a block of 16]
          weight.dataType = DataType.UINT8
          weight.dims = [8n, 1n, 8n]
          weight.rawData = new Uint8Array(64)
          graph.initializer.push(tensor('q_scales', [8], new Float32Array(8).fill(0.1)))
          const at = graph.node.findIndex((it) => it.input.includes(name))
          const { input, output } = graph.node[at]!
          const form = { K: 8, N: 8, bits: 4, block_size: 16 }
          const inputs = [input[0]!, name, 'q_scales']
          graph.node[at] = node('MatMulNBits', inputs, output[0]!, form, 'com.microsoft')
        }),
      )
    expect(() => trainDecoder(packed(), { trainables: full, seed: 1 })).toThrow(
      /quantised to uint8.*Choose task\.trainables\.kind: lora/,
    )
    const { trainables, initialParams } = trainDecoder(packed(), { trainables: lora, seed: 1 })
    expect(trainables).toHaveLength(4)
    expect(() => exportDecoder(packed(), trainables, initialParams(), 2)).toThrow(
      /layers\.0\.self_attn\.q_proj\.weight: .*can’t be merged.*--as peft/,
    )
  })

  it('whose data lies in a file that is not there is refused by its name', () => {
    const apart = file((graph) => {
      const weight = weightOf(graph, 'layers.0.fc1.weight')
      weight.rawData = new Uint8Array(0)
      weight.dataLocation = 1
      weight.externalData = [
        { $typeName: 'onnx.StringStringEntryProto', key: 'location', value: 'model.onnx_data' },
      ]
    })
    expect(() => importDecoder(apart)).toThrow(
      /model\.onnx_data: .*layers\.0\.fc1\.weight.*same folder/,
    )
  })

  it('in bfloat16 is trained in float32, from the same values', () => {
    const half = file((graph) => {
      const bias = weightOf(graph, 'final_layer_norm.bias')
      bias.dataType = DataType.BFLOAT16
      bias.rawData = new Uint8Array(new Uint16Array(8).fill(0x3fc0).buffer)
    })
    const { weights } = importDecoder(half)
    const bias = weights.find((it) => it.name === 'final_layer_norm.bias')!
    expect([...float32Values(bias.tensor)]).toEqual(Array<number>(8).fill(1.5))
  })

  it('trained by pattern leaves the rest as it is', () => {
    const { trainables } = trainDecoder(importDecoder(file()), {
      trainables: { kind: 'pattern', names: ['*.fc1.*', 'role:position'] },
      seed: 1,
    })
    expect(trainables.map((it) => it.name)).toEqual([
      'embed_positions.weight',
      'layers.0.fc1.weight',
      'layers.0.fc1.bias',
    ])
  })

  it.each([
    [{ kind: 'pattern', names: ['x*'] }, /no weight is called x\*/],
    [
      { kind: 'lora', rank: 2, alpha: 4, targets: ['qkv'] },
      /no layer that is qkv.*Its layers are q, k/,
    ],
  ] as const)('without what is to be trained says what there is', (trainables, message) => {
    expect(() => trainDecoder(importDecoder(file()), { trainables, seed: 1 })).toThrow(message)
  })

  it('is trained on tied embeddings as one tensor', () => {
    const { trainables } = trainDecoder(importDecoder(file()), { trainables: full, seed: 1 })
    expect(trainables.filter((it) => it.shape[0] === shape.vocabulary)).toHaveLength(1)
  })

  const { vocabulary, hidden } = shape
  const table = Float32Array.from({ length: vocabulary * hidden }, (_, at) => Math.sin(at))
  const transposed = table.map(
    (_, at) => table[(at % vocabulary) * hidden + Math.floor(at / vocabulary)]!,
  )
  /** As torch.onnx writes it: the head multiplies with a folded copy of the embeddings. */
  const folded = (copy: Float32Array) =>
    file((graph) => {
      weightOf(graph, 'embed_tokens.weight').rawData = new Uint8Array(table.buffer)
      const head = graph.node.find((it) => it.input[1] === 'embed_tokens.weight')!
      head.input[1] = 'folded'
      head.attribute = head.attribute.filter(({ name }) => name !== 'transB')
      graph.initializer.push(tensor('folded', [hidden, vocabulary], copy))
    })

  it('whose head is a copy of its embeddings is tied to them again; another head stays', () => {
    const dimOf = (bytes: Uint8Array) =>
      trainDecoder(importDecoder(bytes), { trainables: full, seed: 1 }).dim
    const tied = dimOf(file())
    expect(dimOf(folded(transposed))).toBe(tied)
    const other = transposed.with(77, -0)
    expect(dimOf(folded(other))).toBe(tied + vocabulary * hidden)
  })
})

it('half floats are the numbers that IEEE 754 says', () => {
  const known = [
    [0x3c00, 1],
    [0xc000, -2],
    [0x7bff, 65504],
    [0x0001, 2 ** -24],
    [0x7c00, Infinity],
  ] as const
  for (const [half, value] of known) expect(float16Value(half)).toBe(value)
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 0x7bff }), (half) => {
      expect(float16Value(half)).toBeLessThan(float16Value(half + 1))
      expect(float16Value(half | 0x8000)).toBe(-float16Value(half))
    }),
  )
})

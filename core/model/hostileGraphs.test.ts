/** Graphs that nobody exports: small files that would take for ever, or all memory. */
import { create } from '@bufbuild/protobuf'
import { expect, it } from 'vitest'
import {
  AttributeProtoSchema,
  SparseTensorProtoSchema,
  type GraphProto,
  type NodeProto,
} from '../onnx/onnx.generated.ts'
import {
  attribute,
  DataType,
  encodeModel,
  GraphBuilder,
  node,
  tensor,
  TensorProtoSchema,
  valueInfo,
  decodeModel,
  differentiate,
  type ModelProto,
} from '../onnx/index.ts'
import { inspectModel, promoteModel } from './index.ts'

/** A linear classifier of 4 features and 3 classes, changed by `change` and encoded. */
function classifier(
  change: (model: ModelProto & { graph: NonNullable<ModelProto['graph']> }) => void,
) {
  const builder = new GraphBuilder([4], (size) => new Float32Array(size).fill(0.5))
  const logits = builder.linear('linear', builder.features, 3)
  const model = decodeModel(encodeModel(builder.finish('model', logits)))
  change(model)
  return encodeModel(model)
}

it('a weight that flows along 2^40 ways is judged at once', () => {
  const bytes = classifier(({ graph }) => {
    graph.initializer.push(tensor('w0', [3], new Float32Array(3)))
    for (let i = 0; i < 40; i++)
      graph.node.unshift(
        ...[node('Identity', [`w${39 - i}`], `a${39 - i}`)],
        node('Sum', [`w${39 - i}`, `a${39 - i}`], `w${40 - i}`),
      )
    const output = graph.output[0]!.name
    graph.output[0]!.name = 'behind'
    graph.node.push(node('Add', [output, 'w40'], 'behind'))
  })
  const started = performance.now()
  expect(inspectModel(bytes).weights.map(({ name }) => name)).toContain('w0')
  expect(performance.now() - started).toBeLessThan(2000)
})

it('an output behind 2^60 ways is measured at once', () => {
  const bytes = classifier(({ graph }) => {
    const [output] = graph.output
    const start = output!.name
    for (let i = 0; i < 60; i++) {
      const from = i === 0 ? start : `d${i - 1}`
      graph.node.push(node('Add', [from, from], `d${i}`))
    }
    graph.output[0] = valueInfo('d59', DataType.FLOAT, ['n', 'k'])
  })
  expect(inspectModel(bytes).classifier?.classes).toBe(3)
})

it('a chain of 20,000 nodes overflows no stack', () => {
  const bytes = classifier(({ graph }) => {
    graph.initializer.push(tensor('w0', [3], new Float32Array(3)))
    for (let i = 0; i < 20_000; i++) graph.node.push(node('Identity', [`w${i}`], `w${i + 1}`))
  })
  expect(inspectModel(bytes).weights).toContainEqual(expect.objectContaining({ name: 'w0' }))
})

it('nodes in another order than that of their values are sorted', () => {
  const sorted = inspectModel(classifier(() => {}))
  expect(inspectModel(classifier(({ graph }) => graph.node.reverse()))).toEqual(sorted)
})

it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])(
  'an operator called %s is one that is not known',
  (opType) => {
    const bytes = classifier(({ graph }) => {
      const output = graph.output[0]!.name
      graph.output[0]!.name = 'odd'
      graph.node.push(node(opType, [output], 'odd'))
    })
    expect(() => inspectModel(bytes)).not.toThrow()
    expect(() => promoteModel(bytes, { trainable: ['*'] })).not.toThrow(TypeError)
  },
)

it.each([
  ['5,000 dimensions', Array.from({ length: 5000 }, () => 1)],
  ['billions of values', [2 ** 31, 4]],
  ['more values than it holds', [4, 4]],
  ['more values than there are numbers', [2 ** 40, 2 ** 40]],
  ['less than none', [-4, -3]],
])('a tensor of %s is refused by its name', (_, shape) => {
  const bytes = classifier(({ graph }) => {
    graph.initializer[0]!.dims = shape.map(BigInt)
  })
  expect(() => inspectModel(bytes)).toThrow(
    expect.objectContaining({ code: 'MODEL_INVALID', where: 'linear.weight' }),
  )
})

it('a node that waits for itself is refused', () => {
  const bytes = classifier(({ graph }) => {
    graph.node.push(node('Add', ['b', 'a'], 'b'), node('Identity', ['b'], 'a'))
  })
  expect(() => inspectModel(bytes)).toThrow(/waits for its own output/)
})

it.each([
  [9, 100_000],
  [17, 2 ** 30],
])('with operator set %i, %i classes are refused instead of allocated', (opset, classes) => {
  const bytes = classifier((model) => {
    model.opsetImport[0]!.version = BigInt(opset)
    const { name } = model.graph.output[0]!
    model.graph.output[0] = valueInfo(name, DataType.FLOAT, ['rows', classes])
  })
  expect(() => promoteModel(bytes, { trainable: ['*'] })).toThrow(/columns/)
})

it('a Concat along an axis that is not there costs no more than what is known of it', () => {
  const bytes = classifier(({ graph }) => {
    const concat = node('Concat', ['linear.bias', 'linear.bias'], 'twice')
    concat.attribute = [attribute('axis', 7)]
    graph.node.unshift(concat)
  })
  expect(() => inspectModel(bytes)).not.toThrow()
})

/** With a loop around Identity in it, which repeats `rounds` times; its condition stays true. */
function looping(rounds: bigint | undefined, depth = 1) {
  return classifier(({ graph }) => {
    const body = (level: number): NodeProto => {
      const inner = node('Identity', ['condition'], 'goesOn')
      const nodes = level === 1 ? [inner] : [inner, body(level - 1)]
      const loop = node('Loop', [rounds === undefined ? '' : 'rounds', 'always'], 'last')
      loop.attribute = [
        create(AttributeProtoSchema, {
          name: 'body',
          g: {
            name: 'body',
            node: nodes,
            input: [valueInfo('i', DataType.INT64, []), valueInfo('condition', DataType.BOOL, [])],
            output: [valueInfo('goesOn', DataType.BOOL, [])],
          },
        }),
      ]
      return loop
    }
    if (rounds !== undefined) graph.initializer.push(tensor('rounds', [], BigInt64Array.of(rounds)))
    graph.initializer.push(
      create(TensorProtoSchema, { name: 'always', dataType: DataType.BOOL, int32Data: [1] }),
    )
    graph.node.unshift(body(depth))
  })
}

it.each([
  ['without an end', undefined, 1, /may never end/],
  ['of 2^62 rounds', 2n ** 62n, 1, /repeat/],
  ['of 1,000 rounds in another', 1000n, 2, /1000000 times/],
] as const)('a loop %s is refused by name', (_, rounds, depth, message) => {
  expect(() => inspectModel(looping(rounds, depth))).toThrow(message)
})

it('a loop that says how often it repeats is no obstacle', () => {
  expect(() => inspectModel(looping(100n))).not.toThrow()
})

it.each([
  ['more values than there are', [8n], 3n],
  ['2^40 values of three', [2n ** 40n], 3n],
  ['no dimensions below zero', [-1n, -8n], 1n],
])('a sparse tensor of %s is refused by name', (_, dims, count) => {
  const bytes = classifier(({ graph }) => {
    const values = tensor('sparse', [Number(count)], new Float32Array(2))
    const indices = tensor('places', [Number(count)], new BigInt64Array(3))
    graph.sparseInitializer.push(create(SparseTensorProtoSchema, { values, indices, dims }))
  })
  expect(() => inspectModel(bytes)).toThrow(expect.objectContaining({ code: 'MODEL_INVALID' }))
})

it('a shape of 2^31 dimensions is left open, and what is differentiated stays small', () => {
  const bytes = classifier(({ graph }) => {
    graph.initializer.push(tensor('long', [1], BigInt64Array.of(2n ** 31n)))
    const [output] = graph.output
    graph.node.push(
      node('ConstantOfShape', ['long'], 'wanted'),
      node('Expand', [output!.name, 'wanted'], 'expanded'),
    )
    output!.name = 'expanded'
  })
  expect(() => differentiate(promoteModel(bytes, { trainable: ['*'] }))).not.toThrow()
})

it('two tensors of one name are refused by it, whoever makes them', () => {
  const twice = classifier(({ graph }) => graph.initializer.push(graph.initializer[0]!))
  expect(() => inspectModel(twice)).toThrow(/linear\.weight: two of its tensors have this name/)
  const made = classifier(({ graph }) => graph.node.push(graph.node[0]!))
  expect(() => inspectModel(made)).toThrow(/two of its tensors have this name/)
})

it.each<[string, (graph: GraphProto) => unknown]>([
  ['a weight', (graph) => (graph.initializer[0]!.name = '__proto__')],
  ['an input', (graph) => (graph.input[0]!.name = '__proto__')],
  ['what a node makes', (graph) => (graph.node[0]!.output[0] = '__proto__')],
])('%s under a name that no object can hold is refused by it', (_, rename) => {
  const bytes = classifier(({ graph }) => rename(graph))
  expect(() => inspectModel(bytes)).toThrow(/__proto__: no tensor can have this name/)
})

it('values in a list that is for another type are none', () => {
  const bytes = classifier(({ graph }) => {
    const weight = graph.initializer[0]!
    weight.dataType = DataType.FLOAT16
    weight.floatData = Array.from({ length: 12 }, () => 1)
    weight.rawData = new Uint8Array()
  })
  expect(() => inspectModel(bytes)).toThrow(/holds 0 values where its shape/)
})

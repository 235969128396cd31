import { create, fromBinary } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import type { Preprocessing } from '../data/index.ts'
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  SparseTensorProtoSchema,
  StringStringEntryProtoSchema,
} from '../onnx/onnx.generated.ts'
import { node, valueInfo, type ModelProto } from '../onnx/onnxModel.ts'
import { DataType, tensor } from '../onnx/tensorValues.ts'
import { alignClasses } from './alignClasses.ts'
import { exportTrained } from './exportModel.ts'
import { inspectModel } from './inspect.ts'
import { promoteModel } from './promote.ts'
import { smallModel } from '../testing/smallModel.ts'

const all = { trainable: ['*'] }
const trainedOf = (bytes: Uint8Array) => promoteModel(bytes, all).trainables.map(({ name }) => name)

describe('classes and outputs', () => {
  it('meet by number, whatever labels happen to occur', () => {
    const lacking = ['0', '1', '3']
    expect(alignClasses(lacking, undefined, 4)).toEqual({
      outputs: [0, 1, 3],
      names: ['0', '1', 'output 2', '3'],
      information: [],
      notices: [expect.stringContaining('1 of the model')],
    })
    expect(alignClasses(['1', '2', '3'], undefined, 3).outputs).toEqual([0, 1, 2])
    expect(alignClasses(['1', '3'], undefined, 3).outputs).toEqual([0, 2] as number[])
  })

  it('meet by the numbers behind names', () => {
    expect(alignClasses(['shirt', 'shoe'], [0, 1], 10).outputs).toEqual([0, 1])
  })

  it('meet by the names that the model has', () => {
    const names = ['oak', 'elm', 'ash', 'fir']
    const found = alignClasses(['ash', 'elm', 'oak'], undefined, 4, names)
    expect(found.outputs).toEqual([2, 1, 0])
    expect(found.names).toEqual(names)
    expect(() => alignClasses(['yew', 'oak'], undefined, 4, names)).toThrow(/called oak, elm/)
  })

  it('are shown where only their order tells, and refused where nothing does', () => {
    const found = alignClasses(['ash', 'oak'], undefined, 2)
    expect(found.information).toEqual([expect.stringContaining('ash → 0, oak → 1')])
    expect(found.notices).toEqual([])
    expect(() => alignClasses(['ash', 'oak'], undefined, 3)).toThrow(
      /which output.*Write the number/,
    )
    expect(() => alignClasses(['a', 'b', 'c'], undefined, 2)).toThrow(/tells 2 classes apart/)
  })
})

describe('an exported model', () => {
  const graph = promoteModel(smallModel(), all)
  const preprocessing: Preprocessing = {
    kind: 'standardise',
    columns: ['a', 'b', 'c', 'd', 'e', 'f'],
    mean: [1, 2, 3, 4, 5, 6],
    std: [1, 2, 4, 8, 16, 0],
  }
  const exported = (isBare: boolean) =>
    exportTrained(graph, graph.initialParams, {
      preprocessing,
      classes: ['oak', 'ash', 'elm'],
      isBare,
    })
  const metadata = ({ metadataProps }: ModelProto, key: string) =>
    JSON.parse(metadataProps.find((it) => it.key === key)?.value ?? 'null') as unknown

  it('scales raw values itself, and names its classes', () => {
    const model = fromBinary(ModelProtoSchema, exported(false))
    expect(model.graph!.node.slice(0, 2).map((it) => it.opType)).toEqual(['Sub', 'Mul'])
    expect(model.graph!.input.map((it) => it.name)).toEqual([graph.features])
    expect(metadata(model, 'hiso.classes')).toEqual(['oak', 'ash', 'elm'])
    expect(metadata(model, 'hiso.preprocessing')).toMatchObject({ preprocessing, inGraph: true })
  })

  it('can be had without the scaling, which is noted all the same', () => {
    const model = fromBinary(ModelProtoSchema, exported(true))
    expect(model.graph!.node.map((it) => it.opType)).not.toContain('Sub')
    expect(metadata(model, 'hiso.preprocessing')).toMatchObject({ preprocessing, inGraph: false })
  })

  it('is trained further on scaled values: what is left of its own scaling is nothing', () => {
    const again = promoteModel(exported(false), { ...all, preprocessing })
    expect(again.classNames).toEqual(['oak', 'ash', 'elm'])
    expect(again.dim).toBe(graph.dim)
    const constants = fromBinary(ModelProtoSchema, again.bytes).graph!.initializer
    const valuesOf = (ending: string) => {
      const { rawData } = constants.find((it) => it.name.endsWith(ending))!
      return [...new Float32Array(rawData.slice().buffer)]
    }
    expect(valuesOf('_shift')).toEqual([0, 0, 0, 0, 0, 0])
    expect(valuesOf('_scale')).toEqual([1, 1, 1, 1, 1, 1])
    const other = { ...preprocessing, columns: ['b', 'a', 'c', 'd', 'e', 'f'] }
    expect(() => promoteModel(exported(false), { ...all, preprocessing: other })).toThrow(
      /same columns in the same order/,
    )
  })
})

describe("a model's metadata", () => {
  const withEntries = (...entries: readonly (readonly [string, string])[]) =>
    smallModel((model) => {
      model.metadataProps = entries.map(([key, value]) =>
        create(StringStringEntryProtoSchema, { key, value }),
      )
    })
  const preprocessing = { kind: 'pixels', mean: 0.5, std: 0.25 } as const
  const noted = { preprocessing, inGraph: true, shift: 'gone', scale: 'gone too' }

  it('is refused where a key has two values', () => {
    const twice = withEntries(['classes', 'a,b,c'], ['classes', 'c,b,a'])
    expect(() => promoteModel(twice, all)).toThrow(/metadata gives "classes" two values/)
  })

  it.each(['{"0":"a","0":"b","1":"c"}', '{"0":"a","1":"b","2":', "['a', 'b', 'c'", '{"2":"a"}'])(
    'gives no names where they are damaged: %s',
    (text) => {
      expect(promoteModel(withEntries(['names', text]), all).classNames).toBeUndefined()
    },
  )

  it.each([
    ['is damaged', '{"preprocessing":', /metadata is damaged/],
    ['has a key twice', '{"inGraph":true,"inGraph":false}', /metadata is damaged/],
    ['names constants that are not there', JSON.stringify(noted), /not where its metadata says/],
  ])('values are not scaled twice where its note %s', (_, text, message) => {
    const bytes = withEntries(['hiso.preprocessing', text])
    expect(() => promoteModel(bytes, { ...all, preprocessing })).toThrow(message)
  })

  it('of a foreign file is not taken for what we have added', () => {
    const foreign = { labels: 'x', outputs: ['y'], nodes: 3, initializers: 1 }
    const graph = promoteModel(withEntries(['hiso.promotion', JSON.stringify(foreign)]), all)
    const plain = promoteModel(smallModel(), all)
    expect(exportTrained(graph, graph.initialParams)).toEqual(
      exportTrained(plain, plain.initialParams),
    )
  })
})

describe('weights', () => {
  it('inside If, Loop and Scan are not trained, and said', () => {
    const bytes = smallModel(({ graph }) => {
      const body = create(GraphProtoSchema, {
        name: 'body',
        node: [node('Identity', ['state'], 'next'), node('MatMul', ['row', 'inner'], 'given')],
        initializer: [tensor('inner', [3, 3], new Float32Array(9))],
        input: [valueInfo('state', 1, [1]), valueInfo('row', 1, [3])],
        output: [valueInfo('next', 1, [1]), valueInfo('given', 1, [3])],
      })
      const scan = node('Scan', ['start', 'outer'], 'end', { num_scan_inputs: 1 })
      scan.output.push('output')
      scan.attribute.push(create(AttributeProtoSchema, { name: 'body', type: 5, g: body }))
      graph!.initializer.push(tensor('start', [1], new Float32Array(1)))
      graph!.node = [node('MatMul', ['x', 'w'], 'outer'), scan]
    })
    const inner = inspectModel(bytes).weights.find(({ name }) => name === 'inner')
    expect(inner).toMatchObject({ training: 'fixed', reason: 'lies inside a sub-graph (Scan)' })
    expect(promoteModel(bytes, all).notes.join()).toMatch(/Not trained: .*inner/)
  })

  const half = (bits: readonly number[], type: number) =>
    smallModel(({ graph }) => {
      const w = graph!.initializer[0]!
      const name = w.name
      w.dataType = type
      w.rawData = new Uint8Array(
        Uint16Array.from({ length: 18 }, (_, i) => bits[i % bits.length]!).buffer,
      )
      for (const each of graph!.node)
        each.input = each.input.map((it) => (it === name ? 'widened' : it))
      graph!.node.unshift(node('Cast', [name], 'widened', { to: DataType.FLOAT }))
    })

  it.each([
    ['float16', half([0x3c00, 0xc000, 0x0001, 0x7bff], DataType.FLOAT16), [1, -2, 2 ** -24, 65504]],
    ['bfloat16', half([0x3f80, 0xc000, 0x3eaa], DataType.BFLOAT16), [1, -2, 0.33203125]],
  ])('of %s are trained in float32, and said', (type, bytes, values) => {
    const graph = promoteModel(bytes, all)
    expect(graph.dim).toBe(18)
    expect([...graph.initialParams.subarray(0, values.length)]).toEqual(values)
    expect(graph.notes.join()).toContain(`Stored in ${type}`)
    expect(inspectModel(bytes).classifier?.notes.join()).toContain(`Stored in ${type}`)
  })

  it('are cast where the file reads them as they are, whatever reads them', () => {
    const bytes = smallModel(({ graph }) => {
      const w = graph!.initializer[0]!
      w.dataType = DataType.FLOAT16
      w.rawData = new Uint8Array(new Uint16Array(18).fill(0x3c00).buffer)
      graph!.valueInfo.push(valueInfo('turned', DataType.FLOAT16, [6, 3]))
      graph!.node = [
        node('Identity', ['w'], 'turned'),
        node('Cast', ['turned'], 'widened', { to: DataType.FLOAT }),
        node('MatMul', ['x', 'widened'], 'output'),
      ]
    })
    const promoted = promoteModel(bytes, all)
    const { graph } = fromBinary(ModelProtoSchema, promoted.bytes)
    const cast = graph!.node.find(({ opType, input }) => opType === 'Cast' && input[0] === 'w')!
    expect(graph!.node.find(({ opType }) => opType === 'Identity')!.input).toEqual(cast.output)
    expect(cast.attribute[0]!.i).toBe(BigInt(DataType.FLOAT16))
    expect(graph!.valueInfo).toEqual([])
    expect(promoted.notes.join()).toMatch(/w is rounded to float16/)
  })

  it.each([
    ['without dimensions', []],
    ['in a list', [1]],
  ])('are no single numbers %s', (_, shape) => {
    const bytes = smallModel(({ graph }) => {
      const scale = node('Constant', [], 'scale')
      scale.attribute = [
        create(AttributeProtoSchema, {
          name: 'value',
          type: 4,
          t: tensor('', shape, Float32Array.of(2)),
        }),
      ]
      graph!.node = [scale, node('MatMul', ['x', 'w'], 'h'), node('Mul', ['h', 'scale'], 'output')]
    })
    expect(trainedOf(bytes)).toEqual(['w'])
    expect(inspectModel(bytes).dim).toBe(18)
  })

  it('written as lists of numbers, or sparse, are trained', () => {
    const bias = smallModel(({ graph }) => {
      const constant = node('Constant', [], 'b')
      constant.attribute = [
        create(AttributeProtoSchema, { name: 'value_floats', type: 6, floats: [1, 2, 3] }),
      ]
      graph!.node = [constant, node('MatMul', ['x', 'w'], 'h'), node('Add', ['h', 'b'], 'output')]
    })
    expect(promoteModel(bias, all).dim).toBe(21)
    const sparse = smallModel(({ graph }) => {
      const [w] = graph!.initializer
      graph!.initializer = graph!.initializer.filter((it) => it !== w)
      const values = tensor(w!.name, [2], Float32Array.of(5, 7))
      const indices = tensor('', [2], BigInt64Array.of(0n, 17n))
      graph!.sparseInitializer = [
        create(SparseTensorProtoSchema, { values, indices, dims: w!.dims }),
      ]
    })
    const graph = promoteModel(sparse, all)
    expect(graph.dim).toBe(18)
    expect([graph.initialParams[0], graph.initialParams[1], graph.initialParams[17]]).toEqual([
      5, 0, 7,
    ])
  })

  it('are not the ones and zeros of a normalisation that has none', () => {
    const group = smallModel(({ graph }) => {
      const constants = [
        tensor('groups', [3], BigInt64Array.of(0n, 2n, 3n)),
        tensor('flat', [2], BigInt64Array.of(0n, 6n)),
        tensor('ones', [2], Float32Array.of(1, 1)),
        tensor('zeros', [2], Float32Array.of(0, 0)),
      ]
      const [input] = graph!.input
      for (const each of graph!.node)
        each.input = each.input.map((it) => (it === input!.name ? 'normal' : it))
      graph!.initializer.push(...constants)
      graph!.node.unshift(
        node('Reshape', [input!.name, 'groups'], 'grouped'),
        node('InstanceNormalization', ['grouped', 'ones', 'zeros'], 'even'),
        node('Reshape', ['even', 'flat'], 'normal'),
      )
    })
    expect(trainedOf(group)).not.toEqual(expect.arrayContaining(['ones']))
    expect(promoteModel(group, all).notes.join()).toMatch(/Not trained: ones, zeros/)
  })
})

describe('what a graph ends in', () => {
  const ending = (...nodes: readonly ReturnType<typeof node>[]) =>
    smallModel(({ graph }) => {
      const [output] = graph!.output
      const last = graph!.node.at(-1)!
      last.output = ['z']
      graph!.node.push(...nodes)
      graph!.initializer.push(
        tensor('shape', [2], BigInt64Array.of(-1n, 3n)),
        tensor('classes', [1], BigInt64Array.of(-1n)),
        tensor('batch', [1], BigInt64Array.of(0n)),
      )
      graph!.output = [valueInfo(nodes.at(-1)!.output[0]!, 1, ['n', 3])]
      expect(output).toBeDefined()
    })

  it('is said where an activation stands behind the last layer', () => {
    const bent = [node('Tanh', ['z'], 't'), node('Reshape', ['t', 'shape'], 'r')]
    expect(inspectModel(ending(...bent)).classifier?.notes.join()).toMatch(
      /What Tanh gives is taken as the logits/,
    )
    expect(inspectModel(ending(node('Identity', ['z'], 'i'))).classifier?.notes).toEqual([])
  })

  it('is refused by what it is where it is one number for each sample', () => {
    const single = smallModel(({ graph }) => {
      graph!.output[0] = valueInfo('output', 1, ['n'])
    })
    expect(inspectModel(single).problem?.what).toMatch(/output is one number for each sample/)
  })

  it.each([
    ['softmax', [node('Softmax', ['z'], 'p')]],
    [
      'softmax behind views',
      [
        node('Softmax', ['z'], 'p'),
        node('Reshape', ['p', 'shape'], 'q'),
        node('Cast', ['q'], 'r', { to: 1 }),
        node('Identity', ['r'], 's'),
      ],
    ],
    ['log of softmax', [node('Softmax', ['z'], 'p'), node('Log', ['p'], 'l')]],
    [
      'softmax written out',
      [
        node('Exp', ['z'], 'e'),
        node('ReduceSum', ['e', 'classes'], 't', { keepdims: 1 }),
        node('Div', ['e', 't'], 'p'),
      ],
    ],
  ])('is recognised: %s', (_, nodes) => {
    const { classifier, problem } = inspectModel(ending(...nodes))
    expect(problem).toBeUndefined()
    expect(classifier).toMatchObject({ logits: 'z', classes: 3 })
    expect(classifier!.notes.join()).toMatch(/as the logits/)
    expect(promoteModel(ending(...nodes), all).logits).toMatch(/z|flat_logits/)
  })

  it.each([
    ['over the batch', 'e', ['e', 'batch']],
    ['over everything', 'e', ['e']],
    ['of something else', 'o', ['o', 'classes']],
  ])('is no softmax where the sum is %s', (_, made, summed) => {
    const nodes = [
      node('Exp', ['z'], 'e'),
      node('Neg', ['e'], 'o'),
      node('ReduceSum', summed, 't', { keepdims: 1 }),
      node('Div', ['e', 't'], 'p'),
    ].filter(({ output }) => output[0] !== 'o' || made === 'o')
    expect(inspectModel(ending(...nodes)).classifier).toMatchObject({ logits: 'p' })
  })

  it('is recognised: exp of log softmax', () => {
    const nodes = [node('LogSoftmax', ['z'], 'l'), node('Exp', ['l'], 'p')]
    expect(inspectModel(ending(...nodes)).classifier).toMatchObject({ logits: 'z' })
  })

  const softmax = node('Softmax', ['z'], 'p')
  const column = (from: string) => node('Slice', ['p', from, 'one', 'one'], `p${from}`)
  it.each([
    ['negated log-probabilities', [node('LogSoftmax', ['z'], 'p'), node('Neg', ['p'], 'q')]],
    ['per cent', [softmax, node('Mul', ['p', 'hundred'], 'q')]],
    ['a mean of two', [softmax, node('Sigmoid', ['z'], 'o'), node('Mean', ['p', 'o'], 'q')]],
    [
      'columns put together',
      [softmax, column('a'), column('b'), node('Concat', ['pa', 'pb'], 'q')],
    ],
    [
      'diamonds over diamonds',
      [softmax].concat(
        Array.from({ length: 60 }, (_, at) =>
          node('Add', at === 0 ? ['p', 'p'] : [`d${at - 1}`, `d${at - 1}`], `d${at}`),
        ),
      ),
    ],
  ])('is refused where probabilities are made into something else: %s', (_, nodes) => {
    const bytes = smallModel(({ graph }) => {
      graph!.node.at(-1)!.output = ['z']
      graph!.node.push(...nodes)
      graph!.initializer.push(
        tensor('hundred', [1], Float32Array.of(100)),
        ...['a', 'b', 'one'].map((name) => tensor(name, [1], BigInt64Array.of(1n))),
      )
      graph!.output = [valueInfo(nodes.at(-1)!.output[0]!, 1, ['n', 3])]
    })
    expect(inspectModel(bytes).problem?.what).toMatch(
      /made of what (Log)?Softmax gives, so that it holds no logits/,
    )
  })

  it('is not mistaken where a gate is part of the last layer', () => {
    const gate = [node('Sigmoid', ['z'], 'g'), node('Mul', ['z', 'g'], 'q')]
    expect(inspectModel(ending(...gate)).classifier).toMatchObject({ logits: 'q' })
  })

  it('is refused: a class alone, independent answers', () => {
    for (const nodes of [
      [node('Sigmoid', ['z'], 'p'), node('Identity', ['p'], 'q')],
      [node('Hardmax', ['z'], 'p'), node('Cast', ['p'], 'q', { to: 1 })],
    ])
      expect(inspectModel(ending(...nodes)).problem?.what).toMatch(/ends in/)
  })
})

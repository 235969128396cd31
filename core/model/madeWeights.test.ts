/** Numbers that stand where weights stand and that training can't change: they are said. */
import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  FunctionProtoSchema,
  OperatorSetIdProtoSchema,
} from '../onnx/onnx.generated.ts'
import { decodeModel, node, valueInfo, type NodeProto } from '../onnx/onnxModel.ts'
import { DataType, tensor } from '../onnx/tensorValues.ts'
import { smallModel } from '../testing/smallModel.ts'
import { inspectModel } from './inspect.ts'
import { promoteModel } from './promote.ts'

const all = { trainable: ['*'] }

describe('a weight that no file holds', () => {
  it('is said, where its numbers are made while the model runs', () => {
    const bytes = smallModel(({ graph }) => {
      graph!.initializer.push(tensor('sizes', [2], BigInt64Array.of(6n, 6n)))
      graph!.node[0]!.input[0] = 'h'
      graph!.node.unshift(
        node('ConstantOfShape', ['sizes'], 'zeros'),
        node('MatMul', ['x', 'zeros'], 'h'),
      )
    })
    const why = 'made by ConstantOfShape while the model runs, not stored in the file'
    expect(promoteModel(bytes, all).notes).toContain(`Not trained: zeros (${why})`)
    expect(inspectModel(bytes).weights).toContainEqual(
      expect.objectContaining({ name: 'zeros', shape: [6, 6], training: 'fixed', reason: why }),
    )
  })
})

describe('numbers of another kind, where weights stand', () => {
  const whole = BigInt64Array.from({ length: 36 }, (_, at) => BigInt(at % 3))
  const before = (tensors: readonly ReturnType<typeof tensor>[], ...nodes: readonly NodeProto[]) =>
    smallModel(({ graph }) => {
      graph!.initializer.push(...tensors)
      graph!.node[0]!.input[0] = 'h'
      graph!.node.unshift(...nodes, node('MatMul', ['x', 'k'], 'h'))
    })
  const single = (name: string, value: number) => tensor(name, [], Float32Array.of(value))

  it.each([
    [
      'whole numbers that are converted',
      before([tensor('q', [6, 6], whole)], node('Cast', ['q'], 'k', { to: DataType.FLOAT })),
      'q (stored as int64, which has no small steps)',
    ],
    [
      'a range of numbers',
      before(
        [single('from', 0), single('to', 36), single('by', 1)].concat(
          tensor('sizes', [2], BigInt64Array.of(6n, 6n)),
        ),
        node('Range', ['from', 'to', 'by'], 'r'),
        node('Reshape', ['r', 'sizes'], 'k'),
      ),
      'r (made by Range while the model runs, not stored in the file)',
    ],
    [
      'ones that are added to the input',
      smallModel(({ graph }) => {
        graph!.initializer.push(tensor('sizes', [1], BigInt64Array.of(6n)))
        graph!.node[0]!.input[0] = 'h'
        graph!.node.unshift(
          node('ConstantOfShape', ['sizes'], 'ones'),
          node('Add', ['x', 'ones'], 'h'),
        )
      }),
      'ones (made by ConstantOfShape while the model runs, not stored in the file)',
    ],
  ])('are said: %s', (_, bytes, what) => {
    expect(promoteModel(bytes, all).notes).toContain(`Not trained: ${what}`)
  })

  it('are no weights where they are only counted with', () => {
    const bytes = smallModel(({ graph }) => {
      graph!.initializer.push(tensor('sizes', [2], BigInt64Array.of(-1n, 3n)))
      graph!.node[0]!.output[0] = 'h'
      graph!.node.push(node('Reshape', ['h', 'sizes'], 'output'))
    })
    expect(promoteModel(bytes, all).notes).toEqual([])
  })

  const withFunction = (...body: readonly NodeProto[]) =>
    smallModel((model) => {
      model.opsetImport.push(create(OperatorSetIdProtoSchema, { domain: 'own', version: 1n }))
      model.functions.push(
        create(FunctionProtoSchema, {
          ...{ name: 'Layer', domain: 'own', input: ['a'], output: ['b'] },
          opsetImport: [create(OperatorSetIdProtoSchema, { domain: '', version: 17n })],
          node: [...body],
        }),
      )
      const call = node('Layer', ['x'], 'h')
      call.domain = 'own'
      model.graph!.node[0]!.input[0] = 'h'
      model.graph!.node.unshift(call)
    })

  it('are said, and random numbers refused, inside functions of the file', () => {
    const inside = node('Constant', [], 'k')
    inside.attribute.push(
      create(AttributeProtoSchema, {
        name: 'value',
        type: AttributeProto_AttributeType.TENSOR,
        t: tensor('k', [6, 6], new Float32Array(36).fill(0.1)),
      }),
    )
    const notes = promoteModel(withFunction(inside, node('MatMul', ['a', 'k'], 'b')), all).notes
    expect(notes).toContain('Not trained: k (lies inside a function of the file (Layer))')
    const noisy = withFunction(
      node('RandomNormalLike', ['a'], 'noise'),
      node('Add', ['a', 'noise'], 'b'),
    )
    expect(() => promoteModel(noisy, all)).toThrow(/draws random numbers \(RandomNormalLike\)/)
  })

  it('are said where they are handed to functions, with the way out', () => {
    const bytes = withFunction(node('MatMul', ['a', 'k'], 'b'))
    const handed = smallModel((model) => {
      const { functions, graph, opsetImport } = decodeModel(bytes)
      functions[0]!.input.push('k')
      graph.node[0]!.input.push('w')
      graph.node.length = 1
      graph.node[0]!.output = ['output']
      Object.assign(model, { functions, graph, opsetImport })
    })
    const { problem, weights } = inspectModel(handed)
    expect(problem?.what).toContain('(w: is read inside a function of the file (Layer))')
    expect(problem?.remedy).toContain('onnx.inliner.inline_local_functions(model)')
    expect(weights.map(({ name }) => name)).toEqual(['w'])
  })

  it('have the names of their nodes where a file is refused', () => {
    const bytes = smallModel(({ graph }) => {
      const constant = node('Constant', [], 'k')
      const t = tensor('', [3, 3], new Float32Array(9))
      constant.attribute.push(create(AttributeProtoSchema, { name: 'value', type: 4, t }))
      graph!.node.push(constant, node('ArgMax', ['output'], 'label'))
      graph!.output = [valueInfo('label', DataType.INT64, ['n'])]
    })
    expect(inspectModel(bytes).weights.map(({ name }) => name)).toEqual(['w', 'k'])
  })
})

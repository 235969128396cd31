import { create } from '@bufbuild/protobuf'
import { describe, expect, it } from 'vitest'
import { smallModel } from '../testing/smallModel.ts'
import { node, tensor, type NodeProto, type TensorProto } from '../onnx/index.ts'
import { AttributeProtoSchema } from '../onnx/onnx.generated.ts'
import { inspectModel } from './inspect.ts'
import { promoteModel } from './promote.ts'

/** x → nodes → output, with w [6, 3] and these tensors. */
const modelOf = (nodes: readonly NodeProto[], ...tensors: readonly TensorProto[]) =>
  smallModel(({ graph }) => {
    graph!.node = [...nodes]
    graph!.initializer.push(...tensors)
  })

const numbers = (name: string, shape: readonly number[], ...values: readonly number[]) =>
  tensor(name, shape, Float32Array.from(values))

function constant(name: string, floats: readonly number[]): NodeProto {
  const made = node('Constant', [], name)
  made.attribute = [
    create(AttributeProtoSchema, { name: 'value_floats', type: 6, floats: [...floats] }),
  ]
  return made
}

/** Names of what is trained, and what a run says of the rest. */
function trainingOf(bytes: Uint8Array) {
  const { trainables, notes } = promoteModel(bytes, { trainable: ['*'] })
  expect(inspectModel(bytes).classifier?.notes).toEqual(notes)
  return { trained: trainables.map(({ name }) => name), notes: notes.join() }
}

const product = node('MatMul', ['x', 'w'], 'h')

describe('what stands where weights stand', () => {
  it('is not trained where it is a mask of scores', () => {
    const mask = numbers('mask', [3], 0, -Infinity, -10_000)
    const { trained, notes } = trainingOf(
      modelOf([product, node('Add', ['h', 'mask'], 'output')], mask),
    )
    expect(trained).toEqual(['w'])
    expect(notes).toBe('Not trained: mask (a mask)')
  })

  it('is not trained where it cuts weights out, behind views', () => {
    const mask = numbers('mask', [18], ...Array.from({ length: 18 }, (_, at) => at % 2))
    const shape = tensor('shape', [2], BigInt64Array.of(6n, 3n))
    const nodes = [
      node('Reshape', ['mask', 'shape'], 'places'),
      node('Mul', ['w', 'places'], 'pruned'),
      node('MatMul', ['x', 'pruned'], 'output'),
    ]
    expect(trainingOf(modelOf(nodes, mask, shape))).toEqual({
      trained: ['w'],
      notes: 'Not trained: mask (a mask)',
    })
    // What a weight begins with may be all ones, or all zeros.
    const ones = numbers('mask', [18], ...Array.from({ length: 18 }, () => 1))
    expect(trainingOf(modelOf(nodes, ones, shape)).trained).toEqual(['w', 'mask'])
  })

  it('is said where it is a single number with a name of its own', () => {
    const nodes = [product, node('Div', ['h', 'temperature'], 'output')]
    const bytes = modelOf(nodes, numbers('temperature', [1], 2))
    expect(trainingOf(bytes)).toEqual({
      trained: ['w'],
      notes: 'Not trained: temperature (a single number)',
    })
    const asked = promoteModel(bytes, { trainable: ['*', 'temperature'] })
    expect(asked.trainables.map(({ name }) => name)).toEqual(['w', 'temperature'])
    const named = modelOf([product, node('Div', ['h', 'onnx::Div_7'], 'output')])
    expect(trainingOf(named).notes).toBe('')
  })

  it('is said where it scales the data, whoever named it', () => {
    const nodes = [
      constant('most', [255]),
      node('Div', ['x', 'most'], 's'),
      node('MatMul', ['s', 'w'], 'output'),
    ]
    const { trained, notes } = trainingOf(modelOf(nodes))
    expect(trained).toEqual(['w'])
    expect(notes).toMatch(/The model scales its input itself \(most\)/)
  })

  it('is trained where it is the bias of a single unit', () => {
    const nodes = [
      node('Transpose', ['first'], 'turned', { perm: [1, 0] }),
      node('MatMul', ['x', 'turned'], 'unit'),
      node('Add', ['bias', 'unit'], 'shifted'),
      node('MatMul', ['shifted', 'last'], 'output'),
    ]
    const first = numbers('first', [1, 6], 1, 2, 3, 4, 5, 6)
    const tensors = [first, numbers('bias', [1], 0), numbers('last', [1, 3], 1, 2, 3)]
    expect(trainingOf(modelOf(nodes, ...tensors)).trained).toEqual(['first', 'bias', 'last'])
  })

  it('is trained where it is a bias that begins with zeros, as a constant too', () => {
    const bias = (made: readonly string[]) =>
      modelOf([constant('b', [0, 0, 0]), product, node('Add', [...made], 'output')])
    expect(trainingOf(bias(['h', 'b'])).trained).toEqual(['w', 'b'])
    const even = modelOf([constant('b', [2, 2, 2]), product, node('Mul', ['h', 'b'], 'output')])
    expect(trainingOf(even)).toEqual({
      trained: ['w'],
      notes: 'Not trained: b (the same number throughout)',
    })
  })
})

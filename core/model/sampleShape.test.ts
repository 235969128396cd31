import { describe, expect, it } from 'vitest'
import { DataType, node, tensor, valueInfo, type Dimension, type NodeProto } from '../onnx/index.ts'
import { smallModel } from '../testing/smallModel.ts'
import { promoteModel } from './promote.ts'

const grey = [1, 4, 5]

/** A graph from x to the input of its last layer, h of so many numbers. */
function modelOf(
  shape: readonly Dimension[],
  nodes: readonly NodeProto[],
  width: number,
  channels = 1,
) {
  return smallModel(({ graph }) => {
    graph!.input[0] = valueInfo('x', DataType.FLOAT, ['n', ...shape])
    graph!.node = [...nodes, node('MatMul', ['h', 'w'], 'output')]
    graph!.initializer = [
      tensor('w', [width, 3], new Float32Array(width * 3).fill(0.5)),
      tensor('filters', [2, channels, 3, 3], new Float32Array(18 * channels)),
      tensor('mean', [1], Float32Array.of(2)),
      tensor('pads', [4], BigInt64Array.of(0n, 2n, 0n, 2n)),
    ]
  })
}

const convolution = (from: string) => [
  node('Conv', [from, 'filters'], 'c'),
  node('GlobalAveragePool', ['c'], 'p'),
  node('Flatten', ['p'], 'h'),
]
const turned = [
  node('Sub', ['x', 'mean'], 's'),
  node('Transpose', ['s'], 't', { perm: [0, 3, 1, 2] }),
  ...convolution('t'),
]
const flat = [node('Flatten', ['x'], 'h')]

const shapeOf = (bytes: Uint8Array, featureShape: readonly number[] = grey) =>
  promoteModel(bytes, { trainable: ['*'], featureShape }).featureShape

describe('the shape of a sample', () => {
  it.each<[string, readonly Dimension[], readonly NodeProto[], number, readonly number[]]>([
    ['with the channel in front', ['c', 'h', 'w'], convolution('x'), 2, [1, 4, 5]],
    ['with the channel behind', ['h', 'w', 'c'], turned, 2, [4, 5, 1]],
    ['with the channel behind, where that is fixed', ['h', 'w', 1], turned, 2, [4, 5, 1]],
    ['without a channel', ['h', 'w'], flat, 20, [4, 5]],
    ['as a list that grows on the way', ['k'], [node('Pad', ['x', 'pads'], 'h')], 24, [20]],
    ['as a list', ['k'], [node('Identity', ['x'], 'h')], 20, [20]],
    ['as the data has it', ['a', 'b', 'c'], flat, 20, [1, 4, 5]],
  ])('is found where all is open: %s', (_, open, nodes, width, found) => {
    expect(shapeOf(modelOf(open, nodes, width))).toEqual(found)
  })

  it('is a list where not even the number of dimensions is known, and the first layer takes one', () => {
    const bytes = smallModel(({ graph }) => {
      const { value } = graph!.input[0]!.type!
      if (value.case === 'tensorType') delete value.value.shape
    })
    expect(shapeOf(bytes, [1, 2, 3])).toEqual([6])
  })

  it.each<[string, Uint8Array, readonly number[], RegExp]>([
    [
      'of colours',
      modelOf(['h', 'w', 'c'], turned, 2, 3),
      grey,
      /takes samples of 3 channels, and the dataset has one \(1 × 4 × 5\)/,
    ],
    [
      'of other columns',
      modelOf(['k'], [node('Identity', ['x'], 'h')], 7),
      [6],
      /first layer takes 7 numbers, and the dataset's samples of 6 give it 6/,
    ],
    [
      'of larger pictures',
      modelOf(['c', 'h', 'w'], flat, 784),
      grey,
      /first layer takes 784 numbers, and the dataset's samples of 1 × 4 × 5 give it 20/,
    ],
  ])('is refused by what differs: a model %s', (_, bytes, wanted, what) => {
    expect(() => shapeOf(bytes, wanted)).toThrow(what)
  })
})

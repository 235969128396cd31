/** Which output is a classifier's, and what training takes of it; numbers from real sessions. */
import { describe, expect, it } from 'vitest'
import { openSession } from '../../platform/sessions.ts'
import {
  DataType,
  decodeModel,
  node,
  tensor,
  valueInfo,
  type Dimension,
  type NodeProto,
} from '../onnx/index.ts'
import { smallModel } from '../testing/smallModel.ts'
import { exportTrained } from './exportModel.ts'
import { inspectModel } from './inspect.ts'
import { promoteModel } from './promote.ts'

const all = { trainable: ['*'] }
const x = Float32Array.from({ length: 12 }, (_, at) => ((at * 5) % 7) / 4 - 0.7)
const w = Float32Array.from({ length: 18 }, (_, at) => ((at * 11) % 13) / 6 - 1)

/** x·w of two rows, with so many columns. */
const productOf = (columns: number) =>
  [0, 1].flatMap((row) =>
    Array.from({ length: columns }, (_, column) =>
      Array.from({ length: 6 }, (_, at) => x[row * 6 + at]! * w[at * columns + column]!).reduce(
        (sum, it) => sum + it,
        0,
      ),
    ),
  )

/** x → MatMul with w → z → nodes → the last one's value, of this type and shape. */
function ending(
  columns: number,
  nodes: readonly NodeProto[],
  shape: readonly Dimension[],
  type: number = DataType.FLOAT,
) {
  return smallModel(({ graph }) => {
    const whole = (name: string, ...values: readonly number[]) =>
      tensor(name, [values.length], BigInt64Array.from(values, BigInt))
    graph!.node = [node('MatMul', ['x', 'w'], 'z'), ...nodes]
    graph!.initializer = [
      tensor('w', [6, columns], w.subarray(0, 6 * columns)),
      ...[whole('second', 1), whole('picture', -1, columns, 1, 1), whole('list', -1, columns)],
    ]
    graph!.output = [valueInfo(nodes.at(-1)?.output[0] ?? 'z', type, shape)]
  })
}

async function run(bytes: Uint8Array, labels: readonly bigint[]) {
  const session = await openSession(promoteModel(bytes, all), { provider: 'cpu' })
  const graph = promoteModel(bytes, all)
  const answer = await session.run(graph.initialParams, x, BigInt64Array.from(labels), true)
  await session.release()
  return { logits: [...answer.logits!], losses: [...answer.losses] }
}

const expectClose = (found: readonly number[], wanted: readonly number[]) => {
  expect(found).toHaveLength(wanted.length)
  found.forEach((it, at) => expect(it).toBeCloseTo(wanted[at]!, 2))
}

describe('the output of a classifier', () => {
  it.each([
    ['[n, 1, 3]', [node('Unsqueeze', ['z', 'second'], 'o')], ['n', 1, 3]],
    ['[n, 3, 1, 1]', [node('Reshape', ['z', 'picture'], 'o')], ['n', 3, 1, 1]],
    ['[n, ?] behind a Reshape', [node('Reshape', ['z', 'list'], 'o')], ['n', '?']],
    [
      'softmax of [n, 1, 3]',
      [node('Unsqueeze', ['z', 'second'], 'u'), node('Softmax', ['u'], 'o', { axis: -1 })],
      ['n', 1, 3],
    ],
  ] as const)('may have the shape %s', async (_, nodes, shape) => {
    expect(inspectModel(ending(3, nodes, shape)).classifier?.classes).toBe(3)
    expectClose((await run(ending(3, nodes, shape), [0n, 2n])).logits, productOf(3))
  })

  it.each([
    ['float16', DataType.FLOAT16],
    ['float64', DataType.DOUBLE],
  ])('may be %s, and stays so in the exported model', async (_, type) => {
    const bytes = ending(3, [node('Cast', ['z'], 'o', { to: type })], ['n', 3], type)
    expectClose((await run(bytes, [1n, 1n])).logits, productOf(3))
    const graph = promoteModel(bytes, all)
    const { graph: exported } = decodeModel(exportTrained(graph, graph.initialParams))
    expect(exported.output).toEqual([valueInfo('o', type, ['n', 3])])
    expect(exported.node.map((it) => it.opType)).toEqual(['MatMul', 'Cast'])
  })

  it.each([
    ['[n, 1]', [node('Sigmoid', ['z'], 'o')], ['n', 1]],
    ['[n]', [node('Sigmoid', ['z'], 'p'), node('Squeeze', ['p', 'second'], 'o')], ['n']],
    ['[n, ?]', [node('Sigmoid', ['z'], 'o')], ['n', '?']],
  ] as const)('may be a sigmoid for two classes: %s', async (_, nodes, shape) => {
    const bytes = ending(1, nodes, shape)
    expect(inspectModel(bytes).classifier).toMatchObject({ classes: 2, logits: 'z' })
    expect(inspectModel(bytes).classifier!.notes.join()).toMatch(/probability of the second class/)
    const { logits, losses } = await run(bytes, [0n, 1n])
    const [first, second] = productOf(1)
    expectClose(logits, [0, first!, 0, second!])
    const crossEntropy = [Math.log(1 + Math.exp(first!)), Math.log(1 + Math.exp(-second!))]
    expectClose(losses, crossEntropy)
    const graph = promoteModel(bytes, all)
    const { graph: exported } = decodeModel(exportTrained(graph, graph.initialParams))
    expect(exported.node.map((it) => it.opType)).toEqual([
      'MatMul',
      ...nodes.map((it) => it.opType),
    ])
    expect(exported.output[0]!.name).toBe('o')
  })

  it('is the same answer twice where a file gives logits and their probabilities', () => {
    const bytes = smallModel(({ graph }) => {
      graph!.node = [node('MatMul', ['x', 'w'], 'z'), node('Softmax', ['z'], 'p')]
      graph!.output = ['p', 'z'].map((name) => valueInfo(name, DataType.FLOAT, ['n', 3]))
    })
    expect(inspectModel(bytes).classifier?.logits).toBe('z')
  })

  it.each([
    ['n', 4],
    ['n', 4, 1],
  ])('may give a number of each part of a sample: [%s, %s]', (...shape) => {
    const parts = smallModel(({ graph }) => {
      graph!.node = [
        node('MatMul', ['x', 'w'], 'scores'),
        node('Add', ['scores', 'bias'], 'shifted'),
        node('Squeeze', ['shifted', 'last'], 'output'),
      ]
      graph!.initializer = [
        tensor('w', [6, 1], w.subarray(0, 6)),
        tensor('bias', [4, 1], w.subarray(0, 4)),
        tensor('last', [1], BigInt64Array.of(2n)),
      ]
      graph!.input[0] = valueInfo('x', DataType.FLOAT, ['n', 4, 6])
      const name = shape.length === 2 ? 'output' : 'shifted'
      graph!.output[0] = valueInfo(name, DataType.FLOAT, shape)
    })
    expect(inspectModel(parts).classifier?.classes).toBe(4)
  })

  const sigmoid = [node('Sigmoid', ['z'], 'o')]
  it.each([
    ['columns that its weights do not have', ending(3, [], ['n', 7]), /have 7 .* layer gives 3/],
    ['a shape of more answers', ending(3, [], ['n', 'a', 3]), /\[n, a, 3\].*one answer for each/],
    ['a sigmoid for each class', ending(3, sigmoid, ['n', 3]), /independent yes-or-no/],
    [
      'softmax twice',
      ending(3, [node('Softmax', ['z'], 'p'), node('Softmax', ['p'], 'o')], ['n', 3]),
      /Softmax of what another Softmax gives/,
    ],
    [
      'softmax over a single number',
      ending(
        3,
        [node('Unsqueeze', ['z', 'second'], 'u'), node('Softmax', ['u'], 'o', { axis: 1 })],
        ['n', 1, 3],
      ),
      /runs over dimension 1, not over the classes/,
    ],
    [
      'no batch',
      smallModel(({ graph }) => {
        graph!.input[0] = valueInfo('x', DataType.FLOAT, [6])
        graph!.output[0] = valueInfo('output', DataType.FLOAT, [3])
      }),
      /input x has the shape \[6\].*many samples/,
    ],
    [
      'no type',
      smallModel(({ graph }) => {
        delete graph!.output[0]!.type
      }),
      /of unknown type/,
    ],
  ])('is refused by what it is: %s', (_, bytes, what) => {
    expect(inspectModel(bytes).problem?.what).toMatch(what)
    expect(() => promoteModel(bytes, all)).toThrow(what)
  })
})

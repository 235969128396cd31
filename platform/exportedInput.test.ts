/** Exported models take the numbers of a file, and give what training saw of them. */
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { describe, expect, it } from 'vitest'
import { doubleColumns, type Preprocessing } from '../core/data/index.ts'
import { exportTrained, inspectModel, promoteModel } from '../core/model/index.ts'
import { DataType, decodeModel, node, tensor, valueInfo } from '../core/onnx/index.ts'
import { smallModel } from '../core/testing/smallModel.ts'
import { openSession } from './sessions.ts'

const all = { trainable: ['*'] }
const w = Float32Array.from({ length: 18 }, (_, at) => ((at * 11) % 13) / 6 - 1)
const bytes = smallModel(({ graph }) => {
  graph!.initializer = [tensor('w', [6, 3], w)]
})

/** Seconds since 1970 within minutes, a constant, cents, and three plain columns. */
const preprocessing: Preprocessing = {
  kind: 'standardise',
  columns: ['time', 'constant', 'price', 'a', 'b', 'c'],
  mean: [1_700_000_000, 7, 3e9, -40, 0.5, 1e-6],
  std: [60, 0, 1e9, 10, 1, 1e-6],
}
const raw = [...[1_700_000_021, 7, 2.5e9, -35, 1, 2e-6], ...[1_699_999_903, 8, 4e9, -52, 0, -1e-6]]
const scaled = Float32Array.from(raw, (value, at) => {
  const { mean, std } = preprocessing
  return std[at % 6] === 0 ? 0 : (value - mean[at % 6]!) / std[at % 6]!
})

async function trainedLogits(model: Uint8Array, of: Preprocessing) {
  const graph = promoteModel(model, { ...all, preprocessing: of })
  const session = await openSession(graph, { provider: 'cpu' })
  const labels = BigInt64Array.of(0n, 1n)
  const { logits } = await session.run(graph.initialParams, scaled, labels, true)
  await session.release()
  return { graph, logits: [...logits!] }
}

async function logitsOf(model: Uint8Array, x: Tensor) {
  const session = await InferenceSession.create(model)
  const answer = await session.run({ x })
  return [...(answer['output']!.data as Float32Array)]
}

const expectClose = (found: readonly number[], wanted: readonly number[]) => {
  expect(found).toHaveLength(wanted.length)
  found.forEach((it, at) => expect(it).toBeCloseTo(wanted[at]!, 5))
}

describe('an exported model', () => {
  it('takes float64 where float32 can not tell the numbers of a column apart', async () => {
    expect(doubleColumns(preprocessing)).toEqual([0])
    const { graph, logits } = await trainedLogits(bytes, preprocessing)
    const exported = exportTrained(graph, graph.initialParams, { preprocessing })
    const x = new Tensor('float64', Float64Array.from(raw), [2, 6])
    expectClose(await logitsOf(exported, x), logits)

    // And is trained further, on values that are scaled already.
    expect(inspectModel(exported).classifier?.notes.join()).toMatch(/Its input is float64/)
    const again = await trainedLogits(exported, preprocessing)
    expectClose(again.logits, logits)
    const twice = exportTrained(again.graph, again.graph.initialParams, { preprocessing })
    expectClose(await logitsOf(twice, x), logits)
  })

  it('takes float32 otherwise', async () => {
    const plain = { ...preprocessing, mean: preprocessing.mean.with(0, 1000) }
    expect(doubleColumns(plain)).toEqual([])
    const numbers = raw.map((value, at) => (at % 6 === 0 ? value - 1_699_999_000 : value))
    const { graph, logits } = await trainedLogits(bytes, plain)
    const exported = exportTrained(graph, graph.initialParams, { preprocessing: plain })
    const x = new Tensor('float32', Float32Array.from(numbers), [2, 6])
    expectClose(await logitsOf(exported, x), logits)
  })
})

describe('a model that takes another float type', () => {
  it.each([
    ['float16', DataType.FLOAT16, 1],
    ['float64', DataType.DOUBLE, 5],
  ] as const)('is trained on float32: %s', async (name, type, digits) => {
    const other = smallModel(({ graph }) => {
      graph!.initializer = [tensor('w', [6, 3], w)]
      graph!.input[0] = valueInfo('x', type, ['n', 6])
      graph!.node.unshift(node('Cast', ['x'], 'wide', { to: DataType.FLOAT }))
      graph!.node[1]!.input[0] = 'wide'
    })
    const { graph, logits } = await trainedLogits(other, preprocessing)
    expect(graph.notes).toContain(`Its input is ${name}; training gives it float32`)
    const { logits: expected } = await trainedLogits(bytes, preprocessing)
    logits.forEach((it, at) => expect(it).toBeCloseTo(expected[at]!, digits))
    expect(decodeModel(exportTrained(graph, graph.initialParams)).graph.input).toEqual([
      valueInfo('x', DataType.FLOAT, ['n', 6]),
    ])
  })
})

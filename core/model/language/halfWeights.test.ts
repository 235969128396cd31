/** Frozen weights as float16: the losses are those of the rounded weights, bit for bit. */
import { describe, expect, test } from 'vitest'
import { openGraphRunner } from '../../../platform/graphRunner.ts'
import {
  DataType,
  decodeModel,
  encodeModel,
  float32Values,
  shapeOf,
  valueInfo,
} from '../../onnx/index.ts'
import { tokenRows } from '../../testing/tokenRows.ts'
import {
  buildOpt,
  labelledRows,
  parameterFeeds,
  tokenFeeds,
  trainDecoder,
  type LanguageGraph,
  type NamedTensor,
} from '../index.ts'
import { canBeHalf, toFloat16, widenHalves } from './halfWeights.ts'

const shape = { layers: 2, hidden: 16, heads: 2, ffn: 32, vocabulary: 20, positions: 16 }
const candidates = [3, 4]
const dataset = tokenRows({ rows: 6, length: 8, vocabulary: 20, candidates })

/** With the matrices sent instead of written into the file, as those of a large model are. */
function sent(graph: LanguageGraph): LanguageGraph {
  const model = decodeModel(graph.bytes)
  const inner = model.graph
  const matrices = inner.initializer.filter(
    (it) => it.dims.length === 2 && it.dataType === DataType.FLOAT,
  )
  inner.initializer = inner.initializer.filter((it) => !matrices.includes(it))
  inner.input.push(...matrices.map((it) => valueInfo(it.name, DataType.FLOAT, shapeOf(it))))
  const held = matrices.map((it): [string, NamedTensor] => [
    it.name,
    { data: float32Values(it), shape: shapeOf(it) },
  ])
  return { ...graph, bytes: encodeModel(model), held: Object.fromEntries(held) }
}

/** With its held matrices as float16. */
function halved(graph: LanguageGraph): LanguageGraph {
  const model = decodeModel(graph.bytes)
  const inner = model.graph
  const held = Object.entries(graph.held).map(([name, it]): [string, NamedTensor] => [
    name,
    canBeHalf(inner, name) ? { ...it, data: toFloat16(it.data as Float32Array, name) } : it,
  ])
  const all = Object.fromEntries(held)
  widenHalves(inner, all)
  inner.input = inner.input.map((it) =>
    all[it.name]?.data instanceof Uint16Array
      ? valueInfo(it.name, DataType.FLOAT16, all[it.name]!.shape)
      : it,
  )
  return { ...graph, bytes: encodeModel(model), held: all }
}

async function lossesOf(graph: LanguageGraph): Promise<Float32Array> {
  const runner = await openGraphRunner(graph.bytes)
  const rows = labelledRows(dataset.train, [0, 1, 2, 3, 4, 5])
  const feeds = {
    ...parameterFeeds(graph)(graph.initialParams()),
    ...tokenFeeds(rows, graph, dataset.padding).feeds,
  }
  const results = await runner.run(feeds, { [graph.losses]: undefined })
  await runner.release()
  return results[graph.losses]!
}

/** As float16 reads them. */
function asRead(values: Float32Array): Float32Array {
  const halves = toFloat16(values, '')
  return Float32Array.from(halves, (bits) => {
    const sign = bits & 0x8000 ? -1 : 1
    const exponent = (bits >> 10) & 31
    const fraction = bits & 1023
    return (
      sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15))
    )
  })
}

test.each(['norms', 'lora'] as const)('%s on a frozen base', async (kind) => {
  const trainables =
    kind === 'norms'
      ? ({ kind: 'pattern', names: ['*layer_norm.bias'] } as const)
      : ({ kind: 'lora', rank: 2, alpha: 4, targets: ['q', 'v'] } as const)
  const plain = sent(trainDecoder(buildOpt(shape, 1), { trainables, candidates, seed: 1 }))
  const half = halved(plain)
  const names = Object.keys(plain.held).filter(
    (name) => half.held[name]!.data instanceof Uint16Array,
  )
  expect(names.length).toBeGreaterThan(8)
  const rounded = Object.entries(plain.held).map(([name, it]): [string, NamedTensor] => [
    name,
    names.includes(name) ? { ...it, data: asRead(it.data as Float32Array) } : it,
  ])
  const expected = await lossesOf({ ...plain, held: Object.fromEntries(rounded) })
  expect(await lossesOf(half)).toEqual(expected)
  const whole = await lossesOf(plain)
  for (const [row, loss] of whole.entries()) expect(expected[row]! / loss).toBeCloseTo(1, 3)
})

describe('rounding to float16', () => {
  test.each([
    ['a tie goes to the even one', 1 + 2 ** -11, 1],
    ['and up to it', 1 + 3 * 2 ** -11, 1 + 2 ** -9],
    ['the largest stays', 65_504, 65_504],
    ['below the normal ones steps are 2^-24', 5.4 * 2 ** -24, 5 * 2 ** -24],
    ['signs stay', -0.1, -0.0999755859375],
  ])('%s', (_, value, expected) => {
    expect(asRead(Float32Array.of(value))[0]).toBe(expected)
  })

  test('a weight beyond its range is refused', () => {
    expect(() => toFloat16(Float32Array.of(1, 65_520), 'layer 1')).toThrow(/65520 is beyond/)
  })
})

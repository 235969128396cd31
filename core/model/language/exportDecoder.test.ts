import { expect, it } from 'vitest'
import { buildOpt, exportDecoder, parameterFeeds, tokenFeeds, trainDecoder } from '../index.ts'
import { openGraphRunner } from '../../../platform/graphRunner.ts'

const shape = { layers: 2, hidden: 16, heads: 2, ffn: 32, vocabulary: 50, positions: 12 }
const seed = 7
const ids = [2, 14, 9, 33, 5]

async function logitsOfFile(bytes: Uint8Array): Promise<Float32Array> {
  const runner = await openGraphRunner(bytes)
  const integers = (values: readonly number[]) => ({
    data: BigInt64Array.from(values, BigInt),
    shape: [1, ids.length],
  })
  const feeds = { input_ids: integers(ids), attention_mask: integers(ids.map(() => 1)) }
  const { logits } = await runner.run(feeds, { logits: undefined })
  await runner.release()
  return logits!.slice(-shape.vocabulary)
}

it.each([
  { kind: 'full' } as const,
  { kind: 'lora', rank: 3, alpha: 6, targets: ['q', 'v', 'mlp'] } as const,
])('a trained decoder ($kind) written as ONNX gives the logits that it had', async (trainables) => {
  const candidates = Array.from({ length: shape.vocabulary }, (_, token) => token)
  const graph = trainDecoder(buildOpt(shape, seed), { trainables, seed, candidates })
  const params = graph.initialParams().map((it, at) => it + 0.2 * Math.sin(at))
  const row = { ids: Int32Array.from(ids), answerFrom: ids.length }
  const { feeds } = tokenFeeds([{ row, label: 0 }], graph, { token: 1, side: 'right' })
  const runner = await openGraphRunner(graph.bytes)
  const all = { ...parameterFeeds(graph)(params), ...feeds }
  const results = await runner.run(all, { [graph.logits]: undefined })
  await runner.release()
  const expected = results[graph.logits]!

  const scale = trainables.kind === 'lora' ? trainables.alpha / trainables.rank : 1
  const file = exportDecoder(buildOpt(shape, seed), graph.trainables, params, scale)
  const found = await logitsOfFile(file)
  found.forEach((it, token) => expect(Math.abs(it - expected[token]!)).toBeLessThan(1e-4))
  const untrained = await logitsOfFile(
    exportDecoder(buildOpt(shape, seed), [], new Float32Array(0), 1),
  )
  expect(untrained.some((it, token) => Math.abs(it - expected[token]!) > 0.01)).toBe(true)
})

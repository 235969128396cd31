/** Graphs of a round's arithmetic, run on the processor, have the kernels' bits. */
import { expect, test } from 'vitest'
import { openGraphRunner } from '../../platform/graphRunner.ts'
import { lowRankLayout, productFeeds, productGraph, RESULT, tensorOf, writeOut } from './index.ts'

const tensors = [
  { name: 'dense', shape: [17, 9] },
  { name: 'bias', shape: [9] },
  { name: 'convolution', shape: [12, 3, 5, 5] },
  { name: 'small', shape: [2, 2] },
]

test.each([1, 2, 5])('a direction of rank %i is made of its factors, bit for bit', async (rank) => {
  const layout = lowRankLayout(tensors, rank)
  const factors = Float32Array.from({ length: layout.length }, (_, i) => Math.sin(1 + i))
  const { start, rows, columns } = layout.parts.at(-1)!
  const zeros = new Float32Array(start + rows * columns)
  const expected = writeOut(layout, zeros, [{ factors, weight: 1 }])

  const runner = await openGraphRunner(productGraph(tensors, layout))
  const outputs = tensors.map(({ name }) => tensorOf(RESULT, name))
  const made = await runner.run(
    productFeeds(tensors, layout, factors),
    Object.fromEntries(outputs.map((name) => [name, undefined])),
  )
  const values = outputs.flatMap((name) => [...made[name]!])
  expect(Float32Array.from(values)).toEqual(expected)
  await runner.release()
})

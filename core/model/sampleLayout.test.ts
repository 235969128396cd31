import { expect, it } from 'vitest'
import { layoutNotices } from './sampleLayout.ts'

it.each([
  [[3, 32, 32], [3072], 'samples of 3 × 32 × 32: the 3072 columns fill them'],
  [[32, 32, 3], [3072], 'samples of 32 × 32 × 3: the 3072 columns fill them'],
  [[1, 14, 56], [1, 28, 28], 'the 28 × 28 numbers fill them'],
])('a sample of %j from %j is laid out by order alone, and that is said', (model, data, text) => {
  expect(layoutNotices(model, data)).toEqual([expect.stringContaining(text)])
})

it.each([
  [
    [28, 28, 1],
    [1, 28, 28],
  ],
  [[784], [1, 28, 28]],
  [[1, 44, 1], [44]],
])('a sample of %j from %j can be read in one way only', (model, data) => {
  expect(layoutNotices(model, data)).toEqual([])
})

/** Votes are equal numbers: each has a dot that can be counted. */
import { expect, it } from 'vitest'
import { abreast } from './abreast.ts'

it('puts equal values beside each other and leaves others in the middle', () => {
  expect(abreast([1, -1, 1, 1], 50)).toEqual([-18, 0, 0, 18])
  expect(abreast([0.5, 0.25], 50)).toEqual([0, 0])
})

it('stays in its column', () => {
  const offsets = abreast(new Array<number>(40).fill(1), 20)
  expect(Math.max(...offsets.map(Math.abs))).toBeLessThan(20)
  expect(new Set(offsets).size).toBe(40)
})

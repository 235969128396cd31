import { expect, test } from 'vitest'
import { addContributions, classesOf } from './contributions.ts'

test('sittings add up, by machine and class', () => {
  const own = { machine: 'this machine', classOf: 'aa', batches: 5 }
  const other = { machine: 'attic', classOf: 'bb', batches: 7 }
  const all = addContributions([own, other], [own, { ...other, classOf: 'aa' }])
  expect(all).toEqual([{ ...own, batches: 10 }, other, { ...other, classOf: 'aa' }])
  expect(classesOf({ computedBy: all })).toBe(2)
  expect(classesOf({})).toBe(0)
  expect(addContributions([], [{ ...own, batches: 0 }])).toEqual([])
})

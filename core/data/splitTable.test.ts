import { expect, it } from 'vitest'
import { partition } from './partition.ts'
import { formatSplitCsv, splitTable } from './splitTable.ts'

it('a split is a table of clients and classes, clients counted from 1', () => {
  const labels = Int32Array.from([0, 1, 1, 2, 2, 2])
  const split = partition(labels, 3, 1, { kind: 'iid' }, 1, 0)
  const table = splitTable(split, ['a', 'b, or "c"', 'd'])
  expect(table).toEqual({
    header: ['client', 'samples', 'a', 'b, or "c"', 'd'],
    rows: [[1, 6, 1, 2, 3]],
  })
  expect(formatSplitCsv(table)).toBe('client,samples,a,"b, or ""c""",d\n1,6,1,2,3\n')
})

it('its columns add up to the training set', () => {
  const labels = Int32Array.from({ length: 300 }, (_, index) => index % 3)
  const split = partition(labels, 3, 8, { kind: 'shards', labelsPerClient: 2 }, 1, 0)
  const { rows } = splitTable(split, ['a', 'b', 'c'])
  expect(rows.map(([client]) => client)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  for (const column of [2, 3, 4]) expect(rows.reduce((sum, row) => sum + row[column]!, 0)).toBe(100)
  for (const [, total, ...counts] of rows)
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total)
})

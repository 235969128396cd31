import { expect, it } from 'vitest'
import { memoryHost } from '../testing/memoryFiles.ts'
import { doubleColumns } from './doubleColumns.ts'
import { openDataset } from './openDataset.ts'

const open = (standardise?: boolean) => {
  const row = (_: unknown, at: number) =>
    [1_700_000_000 + at, 3e9 * (at % 5), 5, at % 3, at % 2 === 0 ? 'odd' : 'even'].join()
  const table = ['time,price,same,plain,label', ...Array.from({ length: 40 }, row)].join('\n')
  const settings = { dataset: 'data.csv', testShare: 0.2, labelColumn: undefined }
  const asked = standardise === undefined ? settings : { ...settings, standardise }
  return openDataset(asked, memoryHost({ 'data.csv': table }))
}
const said = (notices: readonly string[]) => notices.filter((it) => it.includes('float64'))

it('columns that float32 can not tell apart are said', async () => {
  expect(said((await open()).notices)).toEqual([
    expect.stringMatching(/column "time" .*mean 1\.70e\+9, deviation 1.*takes float64/),
  ])
})

it('and not where values stay as they are: training takes them as float32 too', async () => {
  expect(said((await open(false)).notices)).toEqual([])
})

it.each([
  ['times within a minute', 1.7e9, 20, true],
  ['times within a year', 1.7e9, 9e6, false],
  ['numbers beyond float32', 1e39, 1e38, true],
  ['a constant beyond float32', 1e39, 0, true],
  ['a constant', 1e9, 0, false],
  ['numbers too small for float32', 0, 1e-40, true],
  ['small numbers', 1e-9, 1e-9, false],
])('%s', (_, mean, std, isDouble) => {
  const found = doubleColumns({ kind: 'standardise', columns: ['a'], mean: [mean], std: [std] })
  expect(found).toEqual(isDouble ? [0] : [])
})

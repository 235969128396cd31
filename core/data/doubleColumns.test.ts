import { expect, it } from 'vitest'
import { memoryHost } from '../testing/memoryFiles.ts'
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

import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { comparedRuns } from '../testing/charts.ts'
import { comparisonText } from './comparisonTables.ts'

const settings = { metric: 'testAccuracy', grouping: 'auto', target: 0.5 } as const
const rowsOf = (text: string) =>
  Papa.parse(text.trimEnd(), { delimiter: ',', newline: '\n', preview: 0 }).data

describe('a comparison as tables', () => {
  it('is a booktabs table with the best in bold, one per column', () => {
    const text = comparisonText(comparedRuns, 'latex', settings)
    expect(text).toMatch(/\\toprule[\s\S]*\\midrule[\s\S]*\\bottomrule/)
    const [hiso, decomfl] = text.split('\n').filter((line) => /^ {2}(HiSo|DeComFL)/.test(line))
    expect(hiso!.match(/\\textbf/g)).toHaveLength(4)
    expect(decomfl).not.toContain('\\textbf')
    expect(
      text
        .split('\n')
        .filter((line) => line.includes('&'))
        .map((line) => line.split('&').length),
    ).toEqual([6, 6, 6])
  })

  it('is Markdown in which no name is markup', () => {
    const named = comparedRuns.map((run, at) => ({
      ...run,
      name: '|*x*|',
      folder: `${run.folder}${at}`,
    }))
    const text = comparisonText(named.slice(0, 1), 'markdown', settings)
    const cells = text.split('\n')[2]!.split(/(?<!\\)\|/)
    expect(cells).toHaveLength(8)
  })

  it('has curves that are the mean, its band, the number of runs and each run', () => {
    const [header, ...rows] = rowsOf(comparisonText(comparedRuns, 'curves', settings))
    expect(header).toEqual(['group', 'run', 'round', 'testAccuracy', 'low95', 'high95', 'std', 'n'])
    const of = (group: string, run: string) =>
      rows.find((row) => row[0] === group && row[1] === run && row[2] === '50')!
    const seeds = [1, 2, 3].map((seed) => Number(of('HiSo', `hiso-${seed}-0.01`)[3]))
    const mean = of('HiSo', 'mean')
    expect(Number(mean[3])).toBeCloseTo(seeds.reduce((sum, value) => sum + value, 0) / 3, 12)
    expect(mean[7]).toBe('3')
    expect(Number(mean[4])).toBeLessThan(Number(mean[3]))
  })

  it('lists the settings in which runs differ', () => {
    const rows = rowsOf(comparisonText(comparedRuns, 'differences', settings))
    expect(rows.map(([setting]) => setting)).toEqual(
      expect.arrayContaining(['setting', 'method.name', 'seed']),
    )
    expect(rows[0]).toHaveLength(7)
  })

  it('leaves empty what an unfinished run has not reached', () => {
    const rows = rowsOf(comparisonText(comparedRuns, 'csv', { ...settings, target: 0.999 }))
    const at = rows[0]!.indexOf('roundsToTarget')
    expect(rows.slice(1).map((row) => row[at])).toEqual(['', ''])
  })
})

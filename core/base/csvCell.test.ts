import fc from 'fast-check'
import Papa from 'papaparse'
import { describe, expect, it } from 'vitest'
import { csvCell, csvLine } from './csvCell.ts'

const row = (text: string) =>
  Papa.parse(text, { delimiter: ',', newline: '\n', preview: 0 }) as { data: string[][] }

describe('cells of CSV files', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1'])('%j is no formula', (text) => {
    expect(row(csvLine([text, 'x'])).data[0]![0]).toBe(`'${text}`)
  })

  it('read back as they were, for any texts', () => {
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 5 }), (cells) => {
        const read = row(csvLine(cells)).data[0]!
        expect(read.map((cell) => cell.replace(/^'(?='*[\t\r\n ]*[=+\-@])/, ''))).toEqual(cells)
      }),
    )
  })

  it('are numbers where they are numbers, and empty where there is none', () => {
    expect([-0.5, 1e-9, NaN, -Infinity, undefined, true].map(csvCell)).toEqual([
      '-0.5',
      '1e-9',
      '',
      '',
      '',
      'true',
    ])
  })
})

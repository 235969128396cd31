import { describe, expect, it } from 'vitest'
import type { ChartModel } from '../../figures/index.ts'
import { describeChart, readAt, tableOf } from './readout.ts'

const model: ChartModel = {
  title: 'Loss',
  x: { label: 'round', quantity: 'count', scale: 'linear' },
  y: { label: 'loss', quantity: 'value', scale: 'linear' },
  layers: [
    {
      kind: 'line',
      id: 'train',
      name: 'train',
      color: 'chart-1',
      x: Float64Array.of(1, 2, 3),
      y: Float64Array.of(3, 2, 1),
    },
    {
      kind: 'line',
      id: 'test',
      name: 'test',
      color: 'chart-2',
      x: Float64Array.of(1, 2, 3),
      y: Float64Array.of(NaN, 2.5, NaN),
    },
  ],
}
const none = new Set<string>()

describe('readAt', () => {
  it('gives the newest value at or before the crosshair, and the last without one', () => {
    expect(readAt(model, 1.5, none).map(({ name, text }) => `${name} ${text}`)).toEqual(['train 3'])
    expect(readAt(model, undefined, none).map(({ text }) => text)).toEqual(['1', '2.5'])
    expect(readAt(model, 3, new Set(['train'])).map(({ name }) => name)).toEqual(['test'])
  })
})

describe('tableOf', () => {
  it('has a row per x of the window and a dash where nothing was measured', () => {
    expect(tableOf(model, { from: 2, to: 3 }, none)).toEqual({
      columns: ['round', 'train', 'test'],
      rows: [
        ['2', '2', '2.5'],
        ['3', '1', '–'],
      ],
    })
  })

  it('stays short for long runs and keeps both ends', () => {
    const x = Float64Array.from({ length: 10_000 }, (_, at) => at)
    const long = { ...model, layers: [{ ...model.layers[0]!, x, y: x }] } as ChartModel
    const { rows } = tableOf(long, { from: 0, to: 9999 }, none)
    expect(rows.length).toBeLessThanOrEqual(200)
    expect(rows[0]![0]).toBe('0')
    expect(rows.at(-1)![0]).toBe('9,999')
  })
})

describe('tableOf, of a line that is measured now and then', () => {
  it('keeps the rows that have every line, and fills up with others', () => {
    const x = Float64Array.from({ length: 1000 }, (_, at) => at)
    const test = x.map((at) => (at % 10 === 0 ? at : NaN))
    const layers = [
      { ...model.layers[0]!, x, y: x },
      { ...model.layers[1]!, x, y: test },
    ]
    const { rows } = tableOf({ ...model, layers } as ChartModel, { from: 0, to: 999 }, none)
    expect(rows.filter((row) => row[2] !== '–')).toHaveLength(100)
    expect(rows.length).toBeGreaterThan(150)
    expect(rows.length).toBeLessThanOrEqual(200)
    expect(rows.at(-1)![0]).toBe('999')
  })
})

describe('describeChart', () => {
  it('says in a sentence what is drawn', () => {
    expect(describeChart(model, none)).toBe(
      'Loss, loss against round. Newest values: train 1, test 2.5.',
    )
  })
})

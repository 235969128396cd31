import { describe, expect, it } from 'vitest'
import type { ChartModel } from '../../figures/index.ts'
import { drawChart } from './chartOption.ts'
import type { ChartView } from './chartView.ts'

const x = Float64Array.from({ length: 5000 }, (_, at) => at + 1)
const y = x.map((value) => 1000 / value)

const model: ChartModel = {
  title: 'Loss',
  x: { label: 'round', quantity: 'count', scale: 'linear' },
  y: { label: 'loss', quantity: 'value', scale: 'linear' },
  layers: [
    { kind: 'line', id: 'train', name: 'train', color: 'chart-1', x, y },
    { kind: 'reference', id: 'target', name: 'target', color: 'text', y: 2000 },
  ],
  markers: [{ x: 2500, text: 'η = 0.1' }],
}

const view: ChartView = {
  width: 500,
  height: 200,
  window: { from: 0, to: 5000 },
  theme: { color: (token) => `<${token}>`, font: 'sans', fontPx: 11 },
  hidden: new Set(),
  toImage: () => 'image',
}

const shapesOf = (of: ChartModel, change: Partial<ChartView> = {}) =>
  drawChart(of, { ...view, ...change }).elements

describe('drawChart', () => {
  it('hands over no more points than the screen can show', () => {
    const [line] = shapesOf(model)
    expect(line!.shape!.path.points.length / 2).toBeLessThan(2 * view.width)
  })

  it('fits the y axis to what is visible and shown', () => {
    expect(drawChart(model, view).extent.to).toBe(2000)
    const hidden = new Set(['target'])
    expect(drawChart(model, { ...view, hidden }).extent.to).toBe(1000)
    const window = { from: 1000, to: 5000 }
    expect(drawChart(model, { ...view, hidden, window }).extent.to).toBeLessThan(2)
  })

  it('leaves out what is hidden', () => {
    expect(shapesOf(model).map(({ name }) => name)).toEqual(['train', 'target'])
    expect(shapesOf(model, { hidden: new Set(['train', 'target']) })).toEqual([])
  })

  it('draws on a log axis only what it can show, straight where y falls by factors', () => {
    const log: ChartModel = {
      ...model,
      y: { ...model.y, scale: 'log' },
      layers: [
        {
          kind: 'line',
          id: 'a',
          name: 'a',
          color: 'chart-1',
          x: Float64Array.of(1, 2, 3, 4),
          y: Float64Array.of(1000, 100, 0, 1),
        },
      ],
    }
    const { points } = shapesOf(log)[0]!.shape!.path
    expect(points.length).toBe(6)
    expect(points[5]! - points[3]!).toBeCloseTo(2 * (points[3]! - points[1]!), 3)
  })

  it('stacks areas from the bottom and never animates', () => {
    const stack: ChartModel = {
      ...model,
      layers: [
        {
          kind: 'stack',
          id: 'bytes',
          x: Float64Array.of(1, 2),
          parts: [
            { name: 'up', color: 'uplink', y: Float64Array.of(10, 10) },
            { name: 'down', color: 'downlink', y: Float64Array.of(5, 15) },
          ],
        },
      ],
    }
    const drawn = drawChart(stack, view)
    expect(drawn.extent).toEqual({ from: 0, to: 25 })
    expect(drawn.option.animation).toBe(false)
    const [top, bottom] = drawn.elements
    expect([top!.name, bottom!.name]).toEqual(['bytes:down', 'bytes:up'])
    expect(top!.shape!.path.points[3]!).toBeLessThan(bottom!.shape!.path.points[3]!)
  })
})

import { describe, expect, it } from 'vitest'
import type { ChartModel, LineLayer } from '../../figures/index.ts'
import { drawChart } from './chartOption.ts'
import { newStrokes, type FullDrawing } from './newStrokes.ts'

const rounds = 400
const x = Float64Array.from({ length: rounds }, (_, at) => at + 1)
const y = x.map((round) => 1 + Math.sin(round) / 2)
/** Measured every tenth round. */
const sparse = y.map((value, at) => (at % 10 === 9 ? value : NaN))

const window = { from: 0, to: rounds }
const theme = { color: (token: string) => `<${token}>`, font: 'sans', fontPx: 11 }
const size = { width: 2000, height: 200, toImage: () => 'image' }

function modelOf(length: number, change: Partial<LineLayer> = {}): ChartModel {
  const line = (id: string, of: Float64Array, more: Partial<LineLayer>): LineLayer => ({
    kind: 'line',
    id,
    name: id,
    color: 'chart-1',
    x: x.subarray(0, length),
    y: of.subarray(0, length),
    ...more,
  })
  return {
    title: 'Loss',
    x: { label: 'round', quantity: 'count', scale: 'linear' },
    y: { label: 'loss', quantity: 'value', scale: 'linear' },
    layers: [line('train', y, change), line('test', sparse, { hasPoints: true })],
  }
}

function draw(model: ChartModel, hidden: ReadonlySet<string> = new Set()): FullDrawing {
  const view = { window, hidden, theme }
  return { ...drawChart(model, { ...size, ...view }), ...view, model }
}

/** The pixels of the whole line as a full drawing has them. */
function pixelsOf(model: ChartModel, id: string): Float32Array {
  const { elements } = drawChart(model, { ...size, window, hidden: new Set(), theme })
  return elements.find(({ name }) => name === id)!.shape!.path.points
}

describe('newStrokes', () => {
  it('ends what was drawn exactly as drawing all of it would', () => {
    const now = modelOf(300)
    const [train, test, dots] = newStrokes(draw(modelOf(200)), now, window)!
    expect(train!.points).toEqual(pixelsOf(now, 'train').slice(2 * 199))
    expect(test!.points).toEqual(pixelsOf(now, 'test').slice(2 * 19))
    expect(dots!.points).toEqual(test!.points)
    expect(dots!.outline).toBe('dots')
  })

  it('has nothing to add where nothing has come', () => {
    expect(newStrokes(draw(modelOf(200)), modelOf(200), window)).toEqual([])
    const [only, ...others] = newStrokes(draw(modelOf(200)), modelOf(205), window)!
    expect([only!.points.length, others]).toEqual([12, []])
  })

  it('leaves out what is hidden', () => {
    const strokes = newStrokes(draw(modelOf(200), new Set(['train'])), modelOf(300), window)!
    expect(strokes.map(({ outline }) => outline)).toEqual(['line', 'dots'])
  })

  it('goes on with dashes where they had got to', () => {
    const dashed = { dash: 'dashed' } as const
    const whole = modelOf(201, dashed)
    const [train] = newStrokes(draw(modelOf(200, dashed)), whole, window)!
    const path = pixelsOf(whole, 'train')
    let length = 0
    for (let at = 1; at < 200; at++)
      length += Math.hypot(path[2 * at]! - path[2 * at - 2]!, path[2 * at + 1]! - path[2 * at - 1]!)
    expect(train!.dashOffset).toBeCloseTo(length, 6)
  })

  const grown = modelOf(300)
  const [train, test] = grown.layers as [LineLayer, LineLayer]
  const spike = train.y.slice()
  spike[250] = 9
  it.each<[string, ChartModel, { from: number; to: number }?]>([
    ['the window moved', grown, { from: 0, to: rounds + 1 }],
    ['a value lies beyond the axis', { ...grown, layers: [{ ...train, y: spike }, test] }],
    ['the axis became another', { ...grown, y: { ...grown.y, scale: 'log' } }],
    ['there is a line more', { ...grown, layers: [...grown.layers, { ...test, id: 'other' }] }],
    ['there is an area', { ...grown, layers: [train, { ...test, kind: 'reference', y: 1 }] }],
    ['a setting was changed', { ...grown, markers: [{ x: 210, text: 'η = 0.1' }] }],
    [
      'older rows were let go',
      { ...grown, layers: [{ ...train, x: x.subarray(50), y: y.subarray(50) }, test] },
    ],
    [
      'the past was smoothed',
      { ...grown, layers: [{ ...train, y: y.map((value) => value / 2) }, test] },
    ],
  ])('asks for the whole chart where %s', (_, model, to = window) => {
    expect(newStrokes(draw(modelOf(200)), model, to)).toBeUndefined()
  })

  it('asks for the whole chart where lines become too dense for their width', () => {
    const narrow = { ...size, width: 650 }
    const view = { window, hidden: new Set<string>(), theme }
    const before = modelOf(200)
    const full = { ...drawChart(before, { ...narrow, ...view }), ...view, model: before }
    expect(newStrokes(full, modelOf(210), window)).toBeDefined()
    expect(newStrokes(full, modelOf(300), window)).toBeUndefined()
  })
})

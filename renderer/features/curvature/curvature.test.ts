import { describe, expect, it } from 'vitest'
import { fakeCurvature } from '../../testing/fakeCurvature.ts'
import { angleChart, scatterChart, scatterExtent, spectrumChart } from '../../../figures/index.ts'
import { parseRounds } from './roundsText.ts'

const at = fakeCurvature('run').rounds[0]!

describe('rounds as people type them', () => {
  it('are whole numbers and last, with commas or spaces between', () => {
    expect(parseRounds('0, 100,LAST')).toEqual([0, 100, 'last'])
    expect(parseRounds(' 7 8 ')).toEqual([7, 8])
  })

  it.each(['', 'first', '1.5', '-3', '1, x', '1,000', '1 000', '\u0661'])(
    'are not "%s"',
    (text) => {
      expect(parseRounds(text)).toBeUndefined()
    },
  )
})

describe('charts of the Hessian lab', () => {
  it('paint every parameter whose true value lies above 0, and list all', () => {
    const dots = { ...at, scatter: { ...at.scatter, truth: Float64Array.of(-1, 0, 1, 100) } }
    const model = scatterChart(dots)
    const layer = model.layers[0]!
    if (layer.kind !== 'raster') throw new Error('a raster was expected')
    const shares = layer.paint({
      window: { from: 0.1, to: 1000 },
      y: { from: 0.1, to: 10 },
      width: 40,
      height: 40,
    })
    // Two dots of three by three pixels, far apart.
    expect(shares.filter((share) => !Number.isNaN(share))).toHaveLength(18)
    expect(model.table!().rows).toHaveLength(at.scatter.index.length)
    const { from, to } = scatterExtent(dots)
    expect(from).toBeLessThan(1)
    expect(to).toBeGreaterThan(100)
  })

  it('say why a scatter is empty where nothing lies above 0', () => {
    const none = { ...at, scatter: { ...at.scatter, truth: Float64Array.of(0, -1) } }
    expect(scatterChart(none).layers).toEqual([])
    expect(scatterExtent(none)).toEqual({ from: 0.1, to: 10 })
  })

  it('have a line to read the dots by, however far H is from the true diagonal', () => {
    const scatter = { ...at.scatter, learned: Float64Array.of(1, 2, 3) }
    const lineOf = (...truth: number[]) => {
      const model = scatterChart({
        ...at,
        scatter: { ...scatter, truth: Float64Array.from(truth) },
      })
      const line = model.layers.find(({ id }) => id === 'equal')
      if (line?.kind !== 'line') throw new Error('a line was expected')
      const { x, y } = model
      for (const own of line.x)
        expect([x.extent!.from <= own, own <= x.extent!.to]).toEqual([true, true])
      for (const own of line.y)
        expect([y.extent!.from <= own * 1.0001, own <= y.extent!.to * 1.0001]).toEqual([true, true])
      return line.name
    }
    expect(lineOf(2, 3, 4)).toBe('H = Σ')
    expect(lineOf(1e6, 1e6, -1)).toBe('H = 1.40e-6 Σ')
  })

  it('draw what was measured beside what was expected, for each metric', () => {
    const model = angleChart(at)
    expect(model.layers.map(({ id }) => id)).toEqual([
      'learned',
      'learned:expected',
      'identity',
      'identity:expected',
    ])
    expect(model.table!().columns).toContain('learned H, expected')
  })

  it('leave out densities that are nothing, so that a logarithmic axis keeps its room', () => {
    const density = Float64Array.of(1, 1e-3, 1e-30)
    const model = spectrumChart({ ...at, spectrum: { ...at.spectrum, density } })
    const layer = model.layers[0]!
    if (layer.kind !== 'line') throw new Error('a line was expected')
    expect([...layer.y]).toEqual([1, 1e-3, NaN])
  })
})

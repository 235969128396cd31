import { describe, expect, it } from 'vitest'
import { columnsOf, read, run, runs } from '../testing/comparedRuns.ts'
import { compareChart } from './compareChart.ts'
import { CurveCache, curveOf } from './curves.ts'
import { groupRuns } from './grouping.ts'

describe('curves', () => {
  it('hold only what was measured', () => {
    const curve = curveOf(columnsOf(0.02), { metric: 'testAccuracy', x: 'round', smoothing: 0 })
    expect(curve.x).toHaveLength(50)
    expect(curve.x[0]).toBe(2)
  })

  it('are computed again only when something changed', () => {
    const cache = new CurveCache()
    const settings = { metric: 'testAccuracy' as const, x: 'round' as const, smoothing: 0 }
    const groups = groupRuns(runs, 'auto')
    const [first] = cache.read(groups, settings, read)
    expect(cache.read(groups, settings, read)[0]!.statistics).toBe(first!.statistics)
    expect(cache.read(groups, { ...settings, smoothing: 0.5 }, read)[0]!.statistics).not.toBe(
      first!.statistics,
    )
  })
})

describe('the chart', () => {
  it('shows a mean per group, its band, and the runs behind it', () => {
    const thirds = [...runs, run('hiso', 3), run('decomfl', 3)]
    const groups = new CurveCache().read(
      groupRuns(thirds, 'auto'),
      { metric: 'testAccuracy', x: 'round', smoothing: 0 },
      () => read(runs[0]!.folder),
    )
    const { layers } = compareChart(groups, {
      metric: 'testAccuracy',
      x: 'round',
      xScale: 'linear',
      yScale: 'linear',
      band: 'confidence',
      target: 0.5,
    })
    expect(layers.map(({ kind }) => kind)).toEqual([
      ...['band', 'line', 'line', 'line', 'line'],
      ...['band', 'line', 'line', 'line', 'line'],
      'reference',
    ])
  })
})

describe('groups by one key', () => {
  it('say what they pool, and have no confidence band over it', () => {
    const [first] = groupRuns(runs, 'seed')
    expect(first!.pools).toEqual(['Method'])
    expect(groupRuns(runs, 'auto').flatMap(({ pools }) => pools)).toEqual([])
    const { layers } = compareChart(
      new CurveCache().read([first!], { metric: 'testAccuracy', x: 'round', smoothing: 0 }, read),
      {
        ...{ metric: 'testAccuracy', x: 'round', xScale: 'linear', yScale: 'linear' },
        ...{ band: 'confidence', target: undefined },
      },
    )
    expect(layers.some(({ kind }) => kind === 'band')).toBe(false)
  })
})

describe('many groups', () => {
  const grid = Array.from({ length: 31 }, (_, index) => run('hiso', 1, index + 1))

  it('have a colour and dashes each, like no other as long as there are any', () => {
    const looks = groupRuns(grid, 'auto').map(({ color, dash = '' }) => `${color} ${dash}`)
    expect(new Set(looks.slice(0, 24)).size).toBe(24)
  })

  it('have bands without their single runs, but for the one that a pointer is on', () => {
    const seeds = Array.from({ length: 31 }, (_, index) => index + 1)
    const many = (['hiso', 'decomfl'] as const).flatMap((name) =>
      seeds.map((seed) => run(name, seed)),
    )
    const curves = new CurveCache().read(
      groupRuns(many, 'auto'),
      { metric: 'testAccuracy', x: 'round', smoothing: 0 },
      () => read(runs[0]!.folder),
    )
    const settings = {
      ...({ metric: 'testAccuracy', x: 'round', xScale: 'linear', yScale: 'linear' } as const),
      ...({ band: 'confidence', target: undefined } as const),
    }
    const linesOf = (highlighted?: string) =>
      compareChart(curves, { ...settings, highlighted }).layers.filter(
        ({ kind }) => kind === 'line',
      )
    expect(linesOf()).toHaveLength(2)
    expect(linesOf(curves[0]!.group.key)).toHaveLength(2 + 31)
  })

  it('of two runs have their lines and no confidence band', () => {
    const kindsOf = (seeds: number) => {
      const same = Array.from({ length: seeds }, (_, index) => run('hiso', index + 1))
      const curves = new CurveCache().read(
        groupRuns(same, 'auto'),
        { metric: 'testAccuracy', x: 'round', smoothing: 0 },
        () => read(runs[0]!.folder),
      )
      return compareChart(curves, {
        ...{ metric: 'testAccuracy', x: 'round', xScale: 'linear', yScale: 'linear' },
        ...{ band: 'confidence', target: undefined },
      }).layers.map(({ kind }) => kind)
    }
    expect(kindsOf(2)).toEqual(['line', 'line', 'line'])
    expect(kindsOf(3)).toEqual(['band', 'line', 'line', 'line', 'line'])
  })

  it('step back behind the one that a pointer is on', () => {
    const groups = new CurveCache().read(
      groupRuns(runs, 'auto'),
      { metric: 'testAccuracy', x: 'round', smoothing: 0 },
      read,
    )
    const { layers } = compareChart(groups, {
      ...{ metric: 'testAccuracy', x: 'round', xScale: 'linear', yScale: 'linear' },
      ...{ band: 'none', target: undefined, highlighted: groups[0]!.group.key },
    })
    const means = layers.flatMap((layer) =>
      layer.kind === 'line' && layer.isSilent !== true ? [layer.opacity ?? 1] : [],
    )
    expect(means).toEqual([1, 0.25])
  })
})

import { describe, expect, it } from 'vitest'
import { columnsOf, run } from '../testing/comparedRuns.ts'
import { bestPoint, sweepChart, sweepLines, sweptSettings } from './sweepChart.ts'

describe('a sweep', () => {
  const swept = [0.1, 1, 10].flatMap((alpha) =>
    [1, 2, 3].flatMap((seed) => [run('hiso', seed, alpha), run('decomfl', seed, alpha)]),
  )
  const tops = new Map(
    swept.map(({ folder, config }) => {
      const alpha = config.split.kind === 'dirichlet' ? config.split.alpha : 1
      const peak = config.method.name === 'hiso' && alpha === 1 ? 0.009 : 0.004
      return [folder, columnsOf(peak + 0.0001 * config.seed)]
    }),
  )
  const settings = {
    ...{ metric: 'testAccuracy' as const, target: 0.5, baseline: null },
    ...{ path: 'split.alpha', value: 'best' as const, countsStopped: false },
  }
  const lines = sweepLines(swept, (folder) => tops.get(folder), settings)

  it('has a line for each method, points over seeds, and the best of all', () => {
    expect(sweptSettings(swept)).toEqual(['split.alpha'])
    expect(lines.map(({ group }) => group.name)).toEqual(['HiSo', 'DeComFL'])
    expect(lines.map(({ points }) => points.map(({ x }) => x))).toEqual([
      [0.1, 1, 10],
      [0.1, 1, 10],
    ])
    expect(lines[0]!.points[1]!.result.group.runs).toHaveLength(3)
    expect(bestPoint(lines, settings)).toMatchObject({ point: { x: 1 } })
    const scales = { xScale: 'log', yScale: 'linear', heading: 'Concentration α' } as const
    const names = sweepChart(lines, settings, scales).layers.map(({ id }) => id)
    expect(names.at(-1)).toBe('best')
  })

  it('has a band from one run to the other where there are two', () => {
    const first = (seeds: readonly number[]) =>
      sweepLines(
        swept.filter(({ config }) => seeds.includes(config.seed)),
        (folder) => tops.get(folder),
        settings,
      )[0]!.points
    for (const [at, { y, halfWidth }] of first([1, 2]).entries()) {
      expect(y - halfWidth).toBeCloseTo(first([1])[at]!.y, 12)
      expect(y + halfWidth).toBeCloseTo(first([2])[at]!.y, 12)
    }
  })

  it('leaves a gap where not half of the runs got there', () => {
    const rounds = { ...settings, value: 'rounds' as const }
    const [hiso, decomfl] = sweepLines(swept, (folder) => tops.get(folder), rounds)
    expect(hiso!.points.map(({ y }) => y)).toEqual([NaN, expect.any(Number), NaN])
    expect(decomfl!.points.every(({ y }) => Number.isNaN(y))).toBe(true)
  })
})

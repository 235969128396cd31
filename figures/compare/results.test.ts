import { describe, expect, it } from 'vitest'
import { columnsOf, read, run, runs } from '../testing/comparedRuns.ts'
import { CurveCache } from './curves.ts'
import { groupRuns, type ComparedRun } from './grouping.ts'
import {
  bestOfColumns,
  ratioInterval,
  ratioText,
  reachingRuns,
  resultsOf,
  sortResults,
  verdictOfRatio,
} from './results.ts'

describe('results', () => {
  const settings = { metric: 'testAccuracy' as const, target: 0.8, baseline: runs[2]!.folder }

  it('give the median that the target took, and the ratio to the baseline from pairs', () => {
    const [hiso, decomfl] = resultsOf(groupRuns(runs, 'auto'), read, settings)
    expect(hiso!.reached?.rounds.median).toBe(40)
    expect(decomfl!.reached?.rounds.median).toBe(80)
    expect(decomfl!.isBaseline).toBe(true)
    expect(decomfl!.ratios).toBeUndefined()
    expect(hiso!.ratios?.rounds?.value).toBeCloseTo(2, 12)
    expect(hiso!.ratios?.bytes).toMatchObject({ pairs: 2 })
  })

  it('call equal what is equal, and unclear what chance may have done', () => {
    expect(ratioText({ value: 1.0001, pairs: 2 })).toBe('equal')
    expect(verdictOfRatio({ value: 1, pairs: 2 })).toBe('unclear')
    expect(verdictOfRatio({ value: 2, pairs: 3, interval: [0.8, 5] })).toBe('unclear')
    expect(verdictOfRatio({ value: 2, pairs: 3, interval: [1.5, 2.6] })).toBe('less')
    expect(ratioText({ value: 0.5, pairs: 1 })).toBe('2× more')
    expect(ratioInterval({ value: 2, pairs: 3, interval: [1.5, 2.5] })).toEqual([1.5, 2.5])
    expect(ratioInterval({ value: 0.5, pairs: 3, interval: [0.25, 2] })).toEqual([0.5, 4])
  })

  it('sort the best first, what never got there last, and mark the best', () => {
    const never = { ...run('hiso', 9, 5), folder: '/runs/never' }
    const all = [never, ...runs]
    const columnsOfAll = (folder: string) =>
      folder === never.folder ? columnsOf(0.001) : read(folder)
    const results = resultsOf(groupRuns(all, 'auto'), columnsOfAll, settings)
    const names = (column: 'rounds' | 'best', isReversed = false) =>
      sortResults(results, { column, isReversed }, 'testAccuracy').map(({ group }) => group.name)
    expect(names('rounds')[0]).toContain('HiSo')
    expect(names('rounds').at(-1)).toContain('α 5')
    expect(names('rounds', true).at(-1)).toContain('α 5')
    expect(bestOfColumns(results, 'testAccuracy').get('rounds')).toBe(40)
  })
})

describe('runs that were stopped', () => {
  const stopped: ComparedRun = { ...run('hiso', 3), state: 'stopped' }
  const withStopped = [...runs, stopped]
  const columnsOfAll = (folder: string) =>
    folder === stopped.folder ? columnsOf(0.02, 6) : read(folder)

  it('count neither in the list nor in the table nor in the mean', () => {
    const [hiso] = groupRuns(withStopped, 'auto')
    expect(hiso).toMatchObject({ runs: { length: 2 }, stopped: { length: 1 } })
    expect(reachingRuns(hiso!, columnsOfAll)).toHaveLength(2)
    const [curves] = new CurveCache().read(
      [hiso!],
      { metric: 'testAccuracy', x: 'round', smoothing: 0 },
      columnsOfAll,
    )
    expect(curves!.statistics.n.every((count) => count === 2)).toBe(true)
    expect(curves!.stopped).toHaveLength(1)
    expect(groupRuns(withStopped, 'auto', true)[0]!.runs).toHaveLength(3)
  })

  it('leave no mean of fewer runs behind, where they are counted', () => {
    const [hiso] = groupRuns(withStopped, 'auto', true)
    const [curves] = new CurveCache().read(
      [hiso!],
      { metric: 'testAccuracy', x: 'round', smoothing: 0 },
      columnsOfAll,
    )
    expect(curves!.statistics.x.at(-1)).toBe(6)
  })
})

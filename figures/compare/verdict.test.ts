import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../core/config/index.ts'
import { haveNetwork, xAxisOf, xAxisOptionsOf } from '../model/xAxis.ts'
import { columns, columnsOf, read, runs } from '../testing/comparedRuns.ts'
import { curveOf } from './curves.ts'
import { groupRuns } from './grouping.ts'
import { resultsOf } from './results.ts'
import { verdictOf } from './verdict.ts'

describe('the sentence', () => {
  it('says what got there with how many bytes, and what did not', () => {
    const groups = groupRuns(runs, 'auto')
    const settings = { metric: 'testAccuracy', baseline: null } as const
    const said = (target: number) =>
      verdictOf(resultsOf(groups, read, { ...settings, target }), 'testAccuracy', target)
    expect(said(0.8)).toBe(
      '80.0 % test accuracy: HiSo in 40 rounds with 400 B; DeComFL in 80 rounds with 800 B, 2 times the bytes.',
    )
    const slow = new Map(columns)
    for (const { folder } of runs.slice(2)) slow.set(folder, columnsOf(0.001))
    const results = resultsOf(groups, (folder) => slow.get(folder), { ...settings, target: 0.8 })
    expect(verdictOf(results, 'testAccuracy', 0.8)).toBe(
      '80.0 % test accuracy: HiSo in 40 rounds with 400 B. DeComFL did not reach it.',
    )
    const stopped = runs.map((own, at) => (at < 2 ? own : { ...own, state: 'stopped' as const }))
    const left = resultsOf(groupRuns(stopped, 'auto'), read, { ...settings, target: 0.8 })
    expect(verdictOf(left, 'testAccuracy', 0.8)).toBeUndefined()
    const live = runs.map((own) => ({ ...own, state: 'running' as const }))
    const going = resultsOf(groupRuns(live, 'auto'), (folder) => slow.get(folder), {
      ...settings,
      target: 0.8,
    })
    expect(verdictOf(going, 'testAccuracy', 0.8)).toBe(
      '80.0 % test accuracy: HiSo in 40 rounds with 400 B. DeComFL has not reached it yet.',
    )
    slow.set(runs[2]!.folder, columnsOf(0.01))
    const some = resultsOf(groups, (folder) => slow.get(folder), { ...settings, target: 0.8 })
    expect(verdictOf(some, 'testAccuracy', 0.8)).toBe(
      '80.0 % test accuracy: HiSo in 40 rounds with 400 B; DeComFL in 80 rounds with 800 B (1 of 2 runs), 2 times the bytes.',
    )
    expect(verdictOf([], 'testAccuracy', 0.8)).toBeUndefined()
  })

  it('says after which time on their network', () => {
    const onLte = runs.map((own) => ({
      ...own,
      config: {
        ...own.config,
        network: parseRunConfig({ ...own.config, network: { kind: 'lte' } }).network,
      },
    }))
    const timed = (folder: string) => {
      const own = read(folder)!
      return { ...own, simulatedMs: own.round.map((round) => 6000 * round) }
    }
    const settings = { metric: 'testAccuracy', baseline: null, target: 0.8 } as const
    const results = resultsOf(groupRuns(onLte, 'auto'), timed, settings)
    expect(verdictOf(results, 'testAccuracy', 0.8)).toBe(
      '80.0 % test accuracy: HiSo in 40 rounds with 400 B after 4 min on LTE; DeComFL in 80 rounds with 800 B after 8 min on LTE, 2 times the bytes.',
    )
    expect(results[1]!.ratios).toBeUndefined()
    const { folder } = onLte[0]!
    const beside = resultsOf(groupRuns(onLte, 'auto'), timed, { ...settings, baseline: folder })
    expect(beside[1]!.ratios!.simulatedMs!.value).toBeCloseTo(0.5, 6)
  })

  it('has no time for runs without a network, and draws nothing against it', () => {
    const bare = (folder: string) => {
      const own = read(folder)!
      return { ...own, simulatedMs: own.round.map(() => NaN) }
    }
    const settings = { metric: 'testAccuracy', baseline: null, target: 0.8 } as const
    const [first] = resultsOf(groupRuns(runs, 'auto'), bare, settings)
    expect(first!.reached!.simulatedMs.median).toBeUndefined()
    const curve = { metric: 'testAccuracy', x: 'simulated', smoothing: 0 } as const
    expect(curveOf(bare(runs[0]!.folder), curve).x).toHaveLength(0)
    expect(xAxisOf('simulated', haveNetwork(runs.map(({ config }) => config)))).toBe('round')
    expect(xAxisOptionsOf(false).map(({ value }) => value)).not.toContain('simulated')
  })
})

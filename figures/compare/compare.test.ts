import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../core/config/index.ts'
import { metricColumns, type Columns } from '../../core/runs/index.ts'
import { compareChart } from './compareChart.ts'
import { CurveCache, curveOf } from './curves.ts'
import { groupingKeys, groupRuns, tellApart, type ComparedRun } from './grouping.ts'
import {
  bestOfColumns,
  ratioInterval,
  ratioText,
  reachingRuns,
  resultsOf,
  sortResults,
  verdictOfRatio,
} from './results.ts'
import { haveNetwork, xAxisOf, xAxisOptionsOf } from '../model/xAxis.ts'
import { bestPoint, sweepChart, sweepLines, sweptSettings } from './sweepChart.ts'
import { verdictOf } from './verdict.ts'

function run(method: 'hiso' | 'decomfl', seed: number, alpha = 1): ComparedRun {
  return {
    folder: `/runs/${method}-${alpha}-${seed}`,
    name: 'study',
    state: 'finished',
    config: parseRunConfig({
      name: 'study',
      task: { dataset: 'mnist', model: 'mlp' },
      split: { kind: 'dirichlet', alpha },
      method: { name: method },
      seed,
    }),
  }
}

/** Accuracy rises by `speed` per round, measured every second round. */
function columnsOf(speed: number, rounds = 100): Columns {
  const columns = Object.fromEntries(
    metricColumns.map((column) => [column, new Float64Array(rounds)]),
  ) as unknown as Record<keyof Columns, Float64Array>
  for (let at = 0; at < rounds; at++) {
    columns.round[at] = at + 1
    columns.testAccuracy[at] = at % 2 === 1 ? Math.min(1, speed * (at + 1)) : NaN
    columns.cumulativeUplinkBytes[at] = 10 * (at + 1)
    columns.elapsedMs[at] = 5 * (at + 1)
  }
  return columns
}

const runs = [run('hiso', 1), run('hiso', 2), run('decomfl', 1), run('decomfl', 2)]
const speeds: Readonly<Record<string, number>> = { hiso: 0.02, decomfl: 0.01 }
const columns = new Map(
  runs.map(({ folder, config }) => [folder, columnsOf(speeds[config.method.name]!)]),
)
const read = (folder: string) => columns.get(folder)

describe('grouping', () => {
  it('puts seeds together and keeps apart what is compared', () => {
    const groups = groupRuns(runs, 'auto')
    expect(groups.map(({ name }) => name)).toEqual(['HiSo', 'DeComFL'])
    expect(groups.map(({ runs: own }) => own.length)).toEqual([2, 2])
  })

  it('gives methods their own colours', () => {
    expect(groupRuns(runs.toReversed(), 'auto').map(({ color }) => color)).toEqual([
      'chart-2',
      'chart-1',
    ])
  })

  it('names groups by what differs', () => {
    const mixed = [run('hiso', 1, 0.1), run('hiso', 1, 10)]
    expect(groupRuns(mixed.toReversed(), 'auto').map(({ name }) => name)).toEqual(['α 0.1', 'α 10'])
    expect(groupRuns(mixed, 'auto').map(({ name }) => name)).toEqual(['α 0.1', 'α 10'])
    expect(groupRuns(mixed, 'none')).toHaveLength(2)
    expect(groupRuns(runs, 'seed').map(({ name }) => name)).toEqual(['seed 1', 'seed 2'])
    expect(groupingKeys(mixed)).toEqual(['split.alpha'])
  })
})

describe('names of groups', () => {
  it('are the titles that a lesson gives to its runs; several runs keep what they share', () => {
    const titles = new Map([
      ['/runs/hiso-1-1', 'With a Hessian'],
      ['/runs/decomfl-1-1', 'Without'],
    ])
    const [first, , third] = runs
    const names = (of: readonly ComparedRun[]) =>
      groupRuns(of, 'auto', false, titles).map(({ name }) => name)
    expect(names([first!, third!])).toEqual(['With a Hessian', 'Without'])
    expect(names(runs)).toEqual(['HiSo', 'DeComFL'])
  })

  it('tell settings of the Hessian only where they tell groups apart', () => {
    const withNu = (nu: number): ComparedRun => {
      const own = run('hiso', 1)
      return {
        ...own,
        folder: `/runs/nu${nu}`,
        config: parseRunConfig({ ...own.config, method: { name: 'hiso', hessian: { nu } } }),
      }
    }
    const names = groupRuns([withNu(0.1), withNu(0.5), run('decomfl', 1)], 'auto')
    expect(new Set(names.map(({ name }) => name)).size).toBe(3)
    expect(names[0]!.name).toContain('HiSo · ν 0.1')
  })
})

describe('names of groups of several attacks', () => {
  it('leave out what every attacker has in common', () => {
    const under = (federation: object): ComparedRun => ({
      ...run('hiso', 1),
      config: parseRunConfig({ ...run('hiso', 1).config, federation }),
    })
    const attack = { kind: 'signFlip', share: 0.2, scale: 5 }
    const all = [
      under({ attack }),
      under({ attack, aggregator: { kind: 'median' } }),
      under({ aggregator: { kind: 'median' } }),
    ]
    for (const { name } of groupRuns(all, 'auto')) expect(name).not.toMatch(/share|scale/)
  })
})

describe('names of groups of several methods', () => {
  const of = (method: object): ComparedRun => ({
    ...run('hiso', 1),
    config: parseRunConfig({ ...run('hiso', 1).config, method }),
  })

  it('leave out settings that differ only because the methods do', () => {
    const runs = [of({ name: 'hiso', learningRate: 0.005 }), of({ name: 'fedavg' })]
    expect(groupRuns(runs, 'auto').map(({ name }) => name)).toEqual(['HiSo', 'FedAvg'])
  })

  it('tell the settings in which runs of one method differ', () => {
    const runs = [
      of({ name: 'hiso' }),
      of({ name: 'fedavg' }),
      of({ name: 'fedavg', learningRate: 1 }),
    ]
    const names = groupRuns(runs, 'auto').map(({ name }) => name)
    expect(names.slice(1)).toEqual(['FedAvg · η 0.1', 'FedAvg · η 1'])
  })

  it('leave out settings that differ only because the tasks do', () => {
    const digits = run('hiso', 1)
    const valley: ComparedRun = {
      ...digits,
      config: parseRunConfig({
        ...digits.config,
        task: { kind: 'quadratic', dim: 20 },
        federation: { ...digits.config.federation, clients: 50 },
      }),
    }
    const runs = [digits, valley, of({ name: 'fedavg' })]
    expect(groupRuns(runs, 'auto').map(({ name }) => name)).toEqual([
      'HiSo · Classification',
      'HiSo · Quadratic',
      'FedAvg · Classification',
    ])
  })
})

describe('names of groups that differ in much', () => {
  it('tell each from the others by as little as it needs', () => {
    const { config } = run('hiso', 1)
    const like = (change: object, federation: object): ComparedRun => ({
      ...run('hiso', 1),
      config: parseRunConfig({
        ...config,
        ...change,
        federation: { ...config.federation, ...federation },
      }),
    })
    const runs = [
      like({ split: { kind: 'iid' } }, { clients: 40, localSteps: 2 }),
      like({ method: { name: 'fedavg' } }, { rounds: 7 }),
      like({ split: { kind: 'dirichlet', alpha: 0.1 } }, { clients: 50, localSteps: 3 }),
      like({ split: { kind: 'dirichlet', alpha: 10 } }, { clients: 60, localSteps: 4 }),
    ]
    expect(groupRuns(runs, 'auto').map(({ name }) => name)).toEqual([
      'HiSo · IID',
      'HiSo · Dirichlet · α 0.1',
      'HiSo · Dirichlet · α 10',
      'FedAvg',
    ])
  })
})

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

it('no two of the groups that are drawn look alike, however many there are', () => {
  const many = Array.from({ length: 300 }, (_, at) => run('hiso', at))
  const groups = groupRuns(many, 'none')
  const looks = (all: typeof groups) => new Set(all.map(({ color, dash }) => `${color} ${dash}`))
  const isDrawn = ({ key }: (typeof groups)[number]) =>
    groups.findIndex((it) => it.key === key) % 25 === 0
  expect(looks(groups.filter(isDrawn)).size).toBeLessThan(12)
  const apart = tellApart(groups, isDrawn)
  expect(looks(apart.filter(isDrawn)).size).toBe(12)
  expect(apart.filter((group) => !isDrawn(group))).toEqual(groups.filter((it) => !isDrawn(it)))
})

import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../core/config/index.ts'
import { metricColumns, type Columns } from '../../core/runs/index.ts'
import { compareChart } from './compareChart.ts'
import { CurveCache, curveOf } from './curves.ts'
import { groupingKeys, groupRuns, type ComparedRun } from './grouping.ts'
import { commonTargetOf, resultsOf } from './results.ts'

function run(method: 'hiso' | 'decomfl', seed: number, alpha = 1): ComparedRun {
  return {
    folder: `/runs/${method}-${alpha}-${seed}`,
    name: 'study',
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
    expect(groupRuns(mixed, 'auto').map(({ name }) => name)).toEqual(['α = 0.1', 'α = 10'])
    expect(groupRuns(mixed, 'none')).toHaveLength(2)
    expect(groupRuns(runs, 'seed').map(({ name }) => name)).toEqual(['seed 1', 'seed 2'])
    expect(groupingKeys(mixed)).toEqual(['split.alpha'])
  })
})

describe('names of groups', () => {
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
    expect(names[0]!.name).toContain('HiSo, ν = 0.1')
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
    expect(names.slice(1)).toEqual(['FedAvg, η = 0.1', 'FedAvg, η = 1'])
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
      'HiSo, classification',
      'HiSo, quadratic',
      'FedAvg, classification',
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
      'HiSo, iid',
      'FedAvg',
      'HiSo, dirichlet, M = 50',
      'HiSo, dirichlet, M = 60',
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
    const groups = new CurveCache().read(
      groupRuns(runs, 'auto'),
      { metric: 'testAccuracy', x: 'round', smoothing: 0 },
      read,
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
      ...['band', 'line', 'line', 'line'],
      ...['band', 'line', 'line', 'line'],
      'reference',
    ])
  })
})

describe('results', () => {
  it('give what the target took and the speed-up over the baseline', () => {
    const [hiso, decomfl] = resultsOf(groupRuns(runs, 'auto'), read, {
      metric: 'testAccuracy',
      target: 0.8,
      baseline: runs[2]!.folder,
    })
    expect(hiso!.reached?.rounds.mean).toBe(40)
    expect(decomfl!.reached?.rounds.mean).toBe(80)
    expect(decomfl!.isBaseline).toBe(true)
    expect(decomfl!.speedUp).toBeUndefined()
    expect(hiso!.speedUp?.rounds).toBe(2)
    expect(hiso!.speedUp?.bytes).toBe(2)
  })

  it('find the hardest target that everybody reached', () => {
    const slow = columnsOf(0.00456)
    const target = commonTargetOf([columnsOf(0.02), slow], 'testAccuracy')!
    expect(target).toBeLessThanOrEqual(0.456)
    expect(target).toBeGreaterThan(0.44)
    expect(commonTargetOf([columnsOf(0.02), columnsOf(NaN)], 'testAccuracy')).toBeUndefined()
  })
})

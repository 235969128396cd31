import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../../core/config/index.ts'
import { run, runs } from '../testing/comparedRuns.ts'
import { type ComparedRun, groupingKeys, groupRuns, tellApart } from './grouping.ts'

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

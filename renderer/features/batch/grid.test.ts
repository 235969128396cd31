/** Batches as written, and the configs that they stand for. */
import { describe, expect, it } from 'vitest'
import { methodNames, overrideConfig, parseRunConfig } from '../../../core/config/index.ts'
import { fakeConfig } from '../../testing/fakeConfigs.ts'
import { combinations, countCombinations, parseValues, suggestValues } from './grid.ts'

const axis = (path: string, text: string, id = 1) => ({ id, path, text })

describe('values', () => {
  it('are numbers, words, lists and ranges', () => {
    expect(parseValues('1, 0.5,  iid ,3..5, [64, 32], true,')).toEqual([
      1,
      0.5,
      'iid',
      3,
      4,
      5,
      [64, 32],
      true,
    ])
  })
})

describe('combinations', () => {
  it('are of every config that is played beside the first, once where a value says nothing', () => {
    const base = fakeConfig()
    const fedavg = parseRunConfig(overrideConfig(base, ['method.name=fedavg']))
    const all = combinations([base, fedavg], '1, 2', [axis('method.perturbations', '5, 10')])
    expect(
      all.map(({ config }) => {
        const { method, seed } = config!
        return [method.name, 'perturbations' in method ? method.perturbations : undefined, seed]
      }),
    ).toEqual([
      [base.method.name, 5, 1],
      [base.method.name, 5, 2],
      [base.method.name, 10, 1],
      [base.method.name, 10, 2],
      ['fedavg', undefined, 1],
      ['fedavg', undefined, 2],
    ])
  })

  it('are every value with every other, the seed changing fastest', () => {
    const all = combinations([fakeConfig()], '1..3', [axis('split.alpha', '0.1, 10')])
    expect(
      all.map(({ config }) => [
        config!.split.kind === 'dirichlet' && config!.split.alpha,
        config!.seed,
      ]),
    ).toEqual([
      [0.1, 1],
      [0.1, 2],
      [0.1, 3],
      [10, 1],
      [10, 2],
      [10, 3],
    ])
    expect(countCombinations('1..3', [axis('split.alpha', '0.1, 10')])).toBe(6)
  })

  it('change kinds before the settings that belong to them', () => {
    const all = combinations([fakeConfig()], '', [
      axis('split.labelsPerClient', '1, 2'),
      axis('split.kind', 'shards', 2),
    ])
    expect(all.map(({ config }) => config?.split)).toEqual([
      { kind: 'shards', labelsPerClient: 1 },
      { kind: 'shards', labelsPerClient: 2 },
    ])
  })

  it('that can not run say why', () => {
    const all = combinations([fakeConfig()], '', [axis('federation.participants', '2, 50')])
    expect(all.map(({ problem }) => problem)).toEqual([
      undefined,
      'federation.participants must be at most federation.clients (8)',
    ])
  })

  it.each(methodNames)('with another method are what --set makes of it: %s', (name) => {
    const alone = { clients: 1, participants: 1 }
    const start = fakeConfig({ federation: alone })
    const method = { ...start.method, weightDecay: 0.01, learningRate: 0.02 }
    const base = fakeConfig({ federation: alone, method })
    const [first] = combinations([base], '', [axis('method.name', name)], start)
    const byHand = ['method.weightDecay=0.01', 'method.learningRate=0.02']
    expect(first!.config).toEqual(
      parseRunConfig(overrideConfig(start, [...byHand, `method.name=${name}`])),
    )
  })

  it('that differ only in a setting that their method has not are one', () => {
    const all = combinations([fakeConfig()], '', [
      axis('method.name', 'hiso, decomfl'),
      axis('method.hessian.nu', '0.1, 0.5', 2),
    ])
    expect(all.map(({ config }) => config!.method.name)).toEqual(['hiso', 'hiso', 'decomfl'])
  })

  it('over a setting that none of their methods has say so', () => {
    const all = combinations([fakeConfig()], '1, 2', [
      axis('method.name', 'decomfl'),
      axis('method.hessian.nu', '0.1', 2),
    ])
    expect(all.map(({ problem }) => problem)).toEqual([
      'DeComFL has no setting hessian',
      'DeComFL has no setting hessian',
    ])
  })

  it('begin with first values for what another kind requires', () => {
    const all = combinations([fakeConfig()], '', [axis('method.privacy.kind', 'gaussian')])
    expect(all[0]!.config?.method).toMatchObject({ privacy: { kind: 'gaussian', clip: 1 } })
  })

  it('over a path into a single value say why they can not run', () => {
    const [only] = combinations([fakeConfig()], '', [axis('seed.first', '1')])
    expect(only?.config).toBeUndefined()
    expect(only?.problem).toContain('seed is a single value')
  })

  it('without seeds keep the config’s own', () => {
    expect(combinations([fakeConfig({ seed: 9 })], ' ', [])[0]?.config?.seed).toBe(9)
  })
})

it('the values suggested for a setting are valid', () => {
  const base = fakeConfig()
  // All of so many methods are rarely meant: they are there to be ticked.
  expect(suggestValues(base, 'method.name')).toBe('hiso')
  expect(suggestValues(base, 'split.kind').split(', ')).toContain('dirichlet')
  expect(suggestValues(base, 'method.learningRate')).toBe('0.001, 0.01, 0.1')
})

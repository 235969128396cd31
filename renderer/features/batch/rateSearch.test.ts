import { describe, expect, it } from 'vitest'
import { fakeConfig } from '../../testing/fakeConfigs.ts'
import { costOf, readSearch, type ReadSearch, type SearchText } from './rateSearch.ts'

const base = fakeConfig({})
const text: SearchText = {
  methods: ['hiso', 'decomfl'],
  rates: '0.01, 0.02; 0.04',
  perturbations: '',
  halvings: 1,
}
const read = (changes: Partial<SearchText>) => readSearch({ ...text, ...changes }, base, base)
const problem = (changes: Partial<SearchText>) =>
  (read(changes) as { readonly problem: string }).problem

describe('a search of learning rates as it is typed', () => {
  it('has the same candidates and rounds for every method', () => {
    const { configs, settings, candidates, rounds } = read({}) as ReadSearch
    expect(configs.map(({ method }) => method.name)).toEqual(['hiso', 'decomfl'])
    expect(settings).toEqual({ learningRates: [0.01, 0.02, 0.04], halvings: 1 })
    expect(candidates).toBe(6)
    const all = base.federation.rounds
    expect(rounds).toBe(2 * (3 * Math.ceil(all / 2) + 2 * Math.floor(all / 2)))
  })

  it('tries rates around those of all methods where none is typed', () => {
    const { settings } = read({ rates: ' ' }) as ReadSearch
    expect(settings.learningRates).toContain(base.method.learningRate)
    expect(settings.learningRates.length).toBeGreaterThan(7)
  })

  it('costs what its candidates play, for each number of perturbations by itself', () => {
    const found = read({ perturbations: '5, 20' }) as ReadSearch
    const cost = costOf(found)
    expect(cost.map(({ method }) => 'perturbations' in method && method.perturbations)).toEqual([
      ...[5, 20, 5, 20],
    ])
    const sum = cost.reduce((rounds, { federation }) => rounds + federation.rounds, 0)
    expect(sum).toBeGreaterThanOrEqual(found.rounds)
    expect(sum - found.rounds).toBeLessThan(cost.length)
  })

  it('refuses a list of thousands before it makes their configs', () => {
    const perturbations = Array.from({ length: 3000 }, (_, p) => p + 1).join(',')
    expect(problem({ perturbations })).toBe('18000 candidates are more than 500.')
  })

  it.each([
    [{ rates: '0.01, fast' }, '“fast” is not a learning rate'],
    [{ rates: '-1' }, '“-1” is not a learning rate'],
    [{ perturbations: '2.5' }, '“2.5” is not a number of perturbations'],
    [{ perturbations: '0' }, '“0” is not a number of perturbations'],
    [{ methods: ['hiso', 'mezo'] }, 'mezo'],
  ])('says what is wrong with %o', (changes, says) => {
    expect(problem(changes)).toContain(says)
  })
})

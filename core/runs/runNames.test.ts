import { describe, expect, it } from 'vitest'
import { parseRunConfig, type RunConfig } from '../config/index.ts'
import { flattenConfig } from './configDifference.ts'
import { nameRuns, phrasesApart, settingsApart } from './runNames.ts'

function config(changes: Record<string, unknown> = {}, name = 'study'): RunConfig {
  return parseRunConfig(
    { name, task: { kind: 'quadratic', dim: 50 }, method: { name: 'hiso' }, ...changes },
    'test',
  )
}
const grid = ['hiso', 'decomfl'].flatMap((method) =>
  [0.01, 0.02].flatMap((learningRate) =>
    [1, 2, 3].map((seed) => config({ method: { name: method, learningRate }, seed })),
  ),
)

describe('names of runs', () => {
  it('say what makes each differ, the method first and the seed last', () => {
    const names = nameRuns(grid.map((each) => ({ config: each })))
    expect(names[0]).toBe('study · HiSo · η 0.01 · seed 1')
    expect(names.at(-1)).toBe('study · DeComFL · η 0.02 · seed 3')
    expect(new Set(names).size).toBe(grid.length)
  })

  it('say nothing where there is nothing to tell apart, and number what is equal', () => {
    expect(nameRuns([{ config: config() }])).toEqual(['study'])
    expect(
      nameRuns([config(), config(), config({}, 'other')].map((own) => ({ config: own }))),
    ).toEqual(['study', 'study (2)', 'other'])
  })

  it('take what a person calls a run', () => {
    const [first, second] = nameRuns([
      { config: config({ seed: 1 }), title: 'The good one' },
      { config: config({ seed: 2 }) },
    ])
    expect([first, second]).toEqual(['The good one', 'study · seed 2'])
  })

  it('say of a fork where it began, and with what', () => {
    const forkedFrom = { name: 'study', rounds: 30, changes: { 'method.learningRate': 0.5 } }
    expect(nameRuns([{ config: config() }, { config: config(), forkedFrom }])).toEqual([
      'study',
      'study · forked after 30 · η 0.5',
    ])
  })

  it('leave out what only follows from another method, and how a run was played', () => {
    const own = [
      config({ method: { name: 'hiso', learningRate: 0.1 }, compute: { workers: 2 } }),
      config({ method: { name: 'fedavg', learningRate: 0.2 }, evaluation: { every: 3 } }),
    ]
    expect(phrasesApart(own)).toEqual([['HiSo'], ['FedAvg']])
    expect(settingsApart(own.map(flattenConfig))).not.toContain('evaluation.every')
  })

  it('mention the few that differ from nearly all', () => {
    const own = [...Array.from({ length: 9 }, () => config()), config({ seed: 9 })]
    expect(phrasesApart(own).flat()).toEqual(['seed 9'])
  })

  it('name the method of every run where methods differ, however few have another', () => {
    const own = [
      ...Array.from({ length: 9 }, () => config()),
      config({ method: { name: 'decomfl' } }),
    ]
    expect(phrasesApart(own).flat()).toEqual([...Array<string>(9).fill('HiSo'), 'DeComFL'])
  })
})

import { describe, expect, it } from 'vitest'
import { parseRunConfig, type RunConfig } from '../core/config/index.ts'
import { checkOverrides, checkSettings, overridesFor } from './methodOverrides.ts'

const overrides = [
  'fedavg:method.learningRate=0.1',
  'method.learningRate=0.01',
  'hiso:federation.localSteps=2',
  'task.dataset=C:\\flowers.csv',
]

const check = (...[configs, set]: [readonly RunConfig[], readonly string[]]) =>
  checkSettings(configs, set, { imageSets: ['mnist'] })

describe('--set METHOD:key.path=value', () => {
  it('is for one method only, and wins over what is for all', () => {
    const forAll = ['method.learningRate=0.01', 'task.dataset=C:\\flowers.csv']
    expect(overridesFor('fedavg', overrides)).toEqual([...forAll, 'method.learningRate=0.1'])
    expect(overridesFor('hiso', overrides)).toEqual([...forAll, 'federation.localSteps=2'])
    expect(overridesFor('decomfl', overrides)).toEqual(forAll)
  })

  it('is refused for a method that is not played', () => {
    expect(() => checkOverrides(['hiso', 'fedavg'], overrides)).not.toThrow()
    expect(() => checkOverrides(['hiso'], overrides)).toThrow(/"fedavg" is not one of the methods/)
    expect(() => checkOverrides([], overrides)).toThrow(/--methods hiso,fedavg/)
  })

  it('is refused where none of the methods that are meant has the setting', () => {
    const [hiso, scaffold] = ['hiso', 'scaffold'].map((name) =>
      parseRunConfig({ name, task: { kind: 'quadratic' }, method: { name } }),
    ) as [ReturnType<typeof parseRunConfig>, ReturnType<typeof parseRunConfig>]
    const nu = 'method.hessian.nu=0.1'
    expect(() => check([hiso], [nu, 'federation.rounds=3'])).not.toThrow()
    expect(() => check([hiso, scaffold], [nu, `hiso:${nu}`])).not.toThrow()
    expect(() => check([scaffold], [nu])).toThrow(/SCAFFOLD has no setting hessian/)
    expect(() => check([hiso, scaffold], [`scaffold:${nu}`])).toThrow(/SCAFFOLD has no/)
    expect(() => check([hiso, scaffold], ['method.pool=2'])).toThrow(
      /HiSo and SCAFFOLD have no setting pool/,
    )
  })

  it('is refused where nothing asks for the value', () => {
    const config = (more: object) =>
      parseRunConfig({ name: 'a', task: { kind: 'quadratic' }, method: { name: 'hiso' }, ...more })
    const plain = config({})
    const lowRank = config({ method: { name: 'decomfl', distribution: 'low-rank' } })
    const lte = config({ network: { kind: 'lte' } })
    const [rank, speed] = ['method.rank = 2', 'devices.passesPerSecond=20']
    expect(() => check([config({ method: { name: 'decomfl' } })], [rank])).toThrow(
      /only directions of low rank have a rank/,
    )
    expect(() => check([lowRank], [rank])).not.toThrow()
    expect(() => check([plain], [speed])).toThrow(/without a network/)
    expect(() => check([plain, lte], [speed])).not.toThrow()
    expect(() => check([plain], ['split.alpha=0.1'])).toThrow(/it is for tasks with samples only/)
  })
})

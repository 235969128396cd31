import { describe, expect, it } from 'vitest'
import { checkOverrides, overridesFor } from './methodOverrides.ts'

const overrides = [
  'fedavg:method.learningRate=0.1',
  'method.learningRate=0.01',
  'hiso:federation.localSteps=2',
  'task.dataset=C:\\flowers.csv',
]

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
})

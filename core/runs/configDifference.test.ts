import { describe, expect, it } from 'vitest'
import { parseRunConfig } from '../config/index.ts'
import { configDifferences, flattenConfig } from './configDifference.ts'

const hiso = parseRunConfig({
  name: 'a',
  task: { dataset: 'mnist', model: 'mlp', hidden: [32, 16] },
  method: { name: 'hiso' },
})
const decomfl = parseRunConfig({
  name: 'a',
  task: { dataset: 'mnist', model: 'mlp', hidden: [32, 16] },
  method: { name: 'decomfl', learningRate: 0.01 },
})

describe('flattenConfig', () => {
  it('names every value by its dotted path, lists as one value', () => {
    const flat = flattenConfig(hiso)
    expect(flat.get('method.hessian.nu')).toBe(0.05)
    expect(flat.get('task.hidden')).toBe('32, 16')
    expect(flat.get('seed')).toBe(365)
  })
})

describe('configDifferences', () => {
  it('shows only what differs, and what one of them has not', () => {
    const differences = configDifferences([hiso, decomfl])
    expect(differences).toContainEqual({ path: 'method.name', values: ['hiso', 'decomfl'] })
    expect(differences).toContainEqual({ path: 'method.learningRate', values: [0.001, 0.01] })
    expect(differences).toContainEqual({ path: 'method.hessian.nu', values: [0.05, undefined] })
    expect(differences.map(({ path }) => path)).not.toContain('task.dataset')
  })

  it('is empty for equal configs and for one', () => {
    expect(configDifferences([hiso, hiso])).toEqual([])
    expect(configDifferences([hiso])).toEqual([])
  })
})

/** The command line that is copied runs exactly the draft, whatever was changed. */
import { describe, expect, it } from 'vitest'
import {
  methodNames,
  overrideConfig,
  parseRunConfig,
  type RunConfig,
  setAt,
} from '../../core/config/index.ts'
import { commandLine } from './commandLine.ts'
import { differences, overridesFor } from './differences.ts'
import { presets } from './presets.ts'
import { changeKind, unionAt } from './unions.ts'

const base = parseRunConfig({
  name: 'base',
  task: { dataset: 'mnist', model: 'softmax' },
  split: { kind: 'dirichlet', alpha: 0.3, balanced: true, minimum: 4 },
  method: { name: 'hiso', learningRate: 0.01, learningRateSchedule: { kind: 'cosine' } },
})

function withKind(config: RunConfig, path: string, name: string): RunConfig {
  return parseRunConfig(setAt(config, path, changeKind(config, unionAt(config, path)!, name)))
}
function replayed(from: RunConfig, to: RunConfig): RunConfig {
  return parseRunConfig(overrideConfig(from, overridesFor(from, to)))
}

describe('overrides', () => {
  it('are none where nothing differs', () => {
    expect(overridesFor(base, base)).toEqual([])
  })

  it('name one value each', () => {
    const to = parseRunConfig(
      setAt(setAt(base, 'method.learningRate', 0.5), 'federation.rounds', 7),
    )
    expect(overridesFor(base, to)).toEqual(['federation.rounds=7', 'method.learningRate=0.5'])
  })

  it.each([
    ['split', 'iid'],
    ['split', 'shards'],
    ['method', 'decomfl'],
    ['method', 'fedavg'],
    ['method', 'feedsign'],
    ['method.learningRateSchedule', 'step'],
    ['task', 'quadratic'],
    ['method.privacy', 'gaussian'],
    ['federation.attack', 'signFlip'],
  ])('make the same config after a change of the kind of %s to %s', (path, name) => {
    const to = withKind(base, path, name)
    expect(replayed(base, to)).toEqual(to)
  })

  it('say only the method when only the method changed', () => {
    for (const name of methodNames.filter((each) => each !== 'hiso' && each !== 'mezo'))
      expect(overridesFor(base, withKind(base, 'method', name))).toEqual([`method.name=${name}`])
  })

  it('make the same config when a method with a Hessian is chosen over one without', () => {
    const from = withKind(base, 'method', 'decomfl')
    const to = parseRunConfig(setAt(withKind(from, 'method', 'hiso'), 'method.hessian.nu', 0.2))
    expect(replayed(from, to)).toEqual(to)
  })

  it('take an optional value out', () => {
    const to = parseRunConfig(setAt(base, 'split.minimum', undefined))
    expect(replayed(base, to)).toEqual(to)
  })

  it('give lists and names with blanks whole', () => {
    const to = parseRunConfig(
      setAt(setAt(base, 'task.hidden', [64, 32]), 'name', 'a name: with, signs'),
    )
    expect(replayed(base, to)).toEqual(to)
    expect(commandLine({ name: 'mnist-hiso', config: base }, to)).toBe(
      `hiso run mnist-hiso --set 'name="a name: with, signs"' --set 'task.hidden=[64, 32]'`,
    )
  })

  it('lead from every preset to every other', () => {
    const configs = presets.flatMap(({ config }) => config ?? [])
    expect(configs.length).toBeGreaterThan(3)
    for (const from of configs) for (const to of configs) expect(replayed(from, to)).toEqual(to)
  })
})

describe('differences', () => {
  it('name what was added, taken out and changed', () => {
    expect(differences({ a: 1, b: 2 }, { a: 3, c: [4] })).toEqual([
      { path: 'a', from: 1, to: 3 },
      { path: 'b', from: 2, to: undefined },
      { path: 'c', from: undefined, to: [4] },
    ])
  })
})

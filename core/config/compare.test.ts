import { describe, expect, test } from 'vitest'
import { configsOf } from './compare.ts'
import { parseRunConfig } from './issues.ts'

const file = {
  name: 'test',
  task: { kind: 'quadratic', dim: 10 },
  federation: { localSteps: 2 },
  method: { name: 'hiso', learningRate: 0.01, hessian: { nu: 0.2 }, step: 'implicit' },
  compare: [
    { method: { name: 'decomfl', learningRate: 0.05 } },
    { method: { name: 'decomfl' } },
    { method: { name: 'fedavg' }, federation: { localSteps: 20 } },
  ],
}

describe('a config with others beside it', () => {
  test('stands for its own, and for each change laid over it as --set would', () => {
    const configs = configsOf(file, 'test').map((input) => parseRunConfig(input))
    expect(
      configs.map(({ method, federation }) => [
        method.name,
        method.learningRate,
        federation.localSteps,
      ]),
    ).toEqual([
      ['hiso', 0.01, 2],
      ['decomfl', 0.05, 2],
      ['decomfl', 0.01, 2],
      ['fedavg', 0.1, 20],
    ])
    // What makes a method another one stays with the one that has it.
    expect(configs[0]!.method).toMatchObject({ step: 'implicit' })
    expect(configs[1]!.method).toMatchObject({ step: 'explicit' })
  })

  test('read as one config is its own', () => {
    expect(parseRunConfig(file)).toEqual(parseRunConfig(configsOf(file, 'test')[0]))
  })

  test('without any stands for itself', () => {
    const { compare: _compare, ...alone } = file
    expect(configsOf(alone, 'test')).toEqual([alone])
  })

  test.each([{ compare: 3 }, { compare: ['decomfl'] }, { compare: { method: {} } }])(
    'is refused with an example where it is no list of changes: %j',
    (wrong) => {
      expect(() => configsOf({ ...file, ...wrong }, 'my.yaml')).toThrow(
        expect.objectContaining({
          where: 'my.yaml',
          remedy: expect.stringContaining('compare: ['),
        }),
      )
    },
  )
})

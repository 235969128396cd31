/** The form has every value of the schema once, with its text. */
import { describe, expect, it } from 'vitest'
import { leafPaths, methodNames, parseRunConfig } from '../../core/config/index.ts'
import { formModel, type FieldModel } from './formModel.ts'
import { presets } from './presets.ts'

const base = parseRunConfig({
  name: 'base',
  task: { dataset: 'mnist', model: 'softmax' },
  method: { name: 'hiso' },
})
const fieldsOf = (input: unknown): FieldModel[] =>
  formModel(input).flatMap(({ fields }) => [...fields])
const fieldAt = (path: string) => fieldsOf(base).find((field) => field.path === path)!

describe('the form', () => {
  it.each(methodNames)(
    'has every value of a config with %s, once, each with a sentence',
    (name) => {
      const config = parseRunConfig({
        ...base,
        federation: { clients: 1, participants: 1 },
        method: { name },
      })
      const paths = fieldsOf(config).map(({ path }) => path)
      expect(new Set(paths).size).toBe(paths.length)
      expect(leafPaths(config).filter((path) => !paths.includes(path))).toEqual([])
      for (const { text, path } of fieldsOf(config)) {
        expect(text.label, path).not.toBe('')
        expect(text.help, path).toMatch(/[.)]$/)
      }
    },
  )

  it('has every value of every preset', () => {
    for (const { config } of presets)
      expect(
        leafPaths(config).filter((path) => !fieldsOf(config).some((field) => field.path === path)),
      ).toEqual([])
  })

  it('goes from the task to the run', () => {
    expect(formModel(base).map(({ title }) => title)).toEqual([
      'Task',
      'Clients and split',
      'Method',
      'Hessian',
      'Attacks and privacy',
      'Network',
      'Run',
    ])
  })

  it('shows each section in the order of the schema, or of `order` where that differs', () => {
    const paths = Object.fromEntries(
      formModel(base).map(({ name, fields }) => [name, fields.map(({ path }) => path)]),
    )
    expect(paths['clients']!.slice(0, 2)).toEqual(['federation.clients', 'federation.participants'])
    expect(paths['method']!.at(0)).toBe('method.name')
    expect(paths['method']!.at(-1)).toBe('federation.localSteps')
    expect(paths['robustness']).toEqual([
      'federation.attack.kind',
      'federation.aggregator.kind',
      'method.privacy.kind',
    ])
    expect(paths['run']!.at(0)).toBe('name')
  })

  it('leaves out a section that has no fields: a method without a Hessian', () => {
    const config = parseRunConfig({ ...base, method: { name: 'fedavg' } })
    expect(formModel(config).map(({ name }) => name)).toEqual([
      'task',
      'clients',
      'method',
      'robustness',
      'network',
      'run',
    ])
  })

  it('knows ranges, units and defaults from the schema', () => {
    expect(fieldAt('federation.clients')).toMatchObject({
      kind: 'count',
      min: 1,
      max: 100_000_000,
      default: 8,
    })
    expect(fieldAt('method.mu')).toMatchObject({
      kind: 'number',
      min: 0,
      above: true,
      default: 0.001,
    })
    expect(fieldAt('method.hessian.nu')).toMatchObject({ min: 0, max: 1, above: false })
    expect(fieldAt('compute.workers')).toMatchObject({
      kind: 'count',
      words: ['auto'],
      default: 'auto',
    })
    expect(fieldAt('split.minimum')).toMatchObject({ optional: true })
    expect(fieldAt('task.hidden')).toMatchObject({ kind: 'list', items: 'count' })
  })

  it('shows an invalid config too', () => {
    expect(fieldsOf({ task: { kind: 'nonsense' }, method: 3 }).length).toBeGreaterThan(5)
  })
})

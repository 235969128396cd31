/** What a task has no use for is not shown. */
import { describe, expect, it } from 'vitest'
import { isUsed } from './usedFields.ts'

const withTask = (task: unknown) => ({ name: 'draft', task })

describe('a field is used', () => {
  it.each([
    ['split.kind', { kind: 'quadratic' }, false],
    ['split.minimum', { kind: 'quadratic' }, false],
    ['federation.batchSize', { kind: 'quadratic' }, false],
    ['federation.clients', { kind: 'quadratic' }, true],
    ['compute.layout', { kind: 'classification' }, true],
    ['compute.layout', { kind: 'language' }, false],
    ['task.hidden', { kind: 'classification', model: 'mlp' }, true],
    ['task.hidden', { kind: 'classification', model: 'softmax' }, false],
    ['task.trainable', { kind: 'classification', model: 'softmax' }, false],
    ['task.trainable', { kind: 'classification', model: '/models/own.onnx' }, true],
    ['task.labelColumn', { kind: 'classification', dataset: 'mnist' }, false],
    ['task.labelColumn', { kind: 'classification', dataset: '/data/own.csv' }, true],
    ['task.testShare', { kind: 'language', dataset: 'spam-mail' }, true],
  ])('%s of %o: %s', (path, task, expected) => {
    expect(isUsed(path, withTask(task))).toBe(expected)
  })

  it('where another choice gives it a meaning: devices have a speed on a network', () => {
    const on = (network: unknown) => ({ ...withTask({ kind: 'quadratic' }), network })
    expect(isUsed('devices.spread', on({ kind: 'lte' }))).toBe(true)
    for (const none of [{ kind: 'none' }, {}, undefined, null, 3])
      expect(isUsed('devices.spread', on(none))).toBe(false)
  })

  it('of a task that is none', () => {
    expect(isUsed('split.minimum', withTask(3))).toBe(true)
    expect(isUsed('compute.layout', withTask({ kind: 'nonsense' }))).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { holdOut } from './holdOut.ts'

describe('holding out', () => {
  it('takes the share of every class, the same samples every time', () => {
    const labels = Int32Array.from({ length: 1000 }, (_, index) =>
      index < 700 ? 0 : index < 990 ? 1 : 2,
    )
    const { train, test } = holdOut(labels, 3, 0.2)
    const count = (label: number) => test.filter((index) => labels[index] === label).length
    expect([count(0), count(1), count(2)]).toEqual([140, 58, 2])
    expect([...train, ...test].sort((left, right) => left - right)).toEqual([...labels.keys()])
    expect(holdOut(labels, 3, 0.2)).toEqual({ train, test })
  })

  it('leaves every class a sample to train on', () => {
    const { train, test } = holdOut(Int32Array.from([0, 0, 0, 1]), 2, 0.7)
    expect([...train]).toContain(3)
    expect(test).toHaveLength(2)
  })

  it('advises a share that works, or says that none does', () => {
    const few = (labels: number[]) => () => holdOut(Int32Array.from(labels), 2, 0.2)
    expect(few([0, 0])).toThrow('a larger share, for instance 0.3')
    expect(holdOut(Int32Array.from([0, 0]), 2, 0.3).test).toHaveLength(1)
    expect(few([0, 1])).toThrow('Add samples')
  })

  it.each([
    [1, 'task.testShare: holding out a share of 1 of 10 samples leaves none to train on'],
    [0.99, 'leaves none to train on. Choose a smaller share'],
    [
      0,
      'has no test set of its own, and holding out a share of 0 of 10 samples leaves none to evaluate on',
    ],
    [0.01, 'leaves none to evaluate on. Choose a larger share'],
  ])('refuses a share of %d of ten samples', (share, message) => {
    const labels = Int32Array.from({ length: 10 }, (_, index) => index % 2)
    expect(() => holdOut(labels, 2, share)).toThrow(message)
    expect(() => holdOut(labels, 2, share)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID' }),
    )
  })
})

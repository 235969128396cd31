import { describe, expect, it, test } from 'vitest'
import { buildModel } from './build.ts'

const images = { featureShape: [1, 28, 28], classes: 10 }

describe('the built-in models', () => {
  it.each([
    ['softmax', images, 7_850],
    ['mlp', { ...images, hidden: [32] }, 25_450],
    ['mlp', { ...images, hidden: [] }, 7_850],
    ['mlp', { featureShape: [4], classes: 3, hidden: [8, 5] }, 40 + 45 + 18],
    ['cnn-mnist', images, 28_938],
    ['cnn-fashion', { ...images, classes: 62 }, 1_206_590],
  ])('%s has the dimension that its layers add up to', (name, options, dim) => {
    const graph = buildModel(name, options, 365)
    expect(graph.dim).toBe(dim)
    expect(graph.initialParams).toHaveLength(dim)
    expect(graph.classes).toBe(options.classes)
    let offset = 0
    for (const it of graph.trainables) {
      expect(it.offset).toBe(offset)
      offset += it.size
    }
    expect(offset).toBe(dim)
  })

  it('start from uniform numbers within one over the root of the fan-in', () => {
    const { initialParams, trainables } = buildModel('softmax', images, 365)
    const bound = 1 / 28
    const variance = initialParams.reduce((sum, x) => sum + x * x, 0) / initialParams.length
    expect(Math.max(...initialParams)).toBeLessThanOrEqual(Math.fround(bound))
    expect(Math.min(...initialParams)).toBeGreaterThanOrEqual(Math.fround(-bound))
    // The variance of a squared uniform is 4/45: five standard errors.
    const tolerance = 5 * Math.sqrt(4 / 45 / initialParams.length)
    expect(Math.abs(variance / bound ** 2 - 1 / 3)).toBeLessThan(tolerance)
    expect(trainables.map((it) => it.name)).toEqual(['linear.weight', 'linear.bias'])
  })

  it('start from the same numbers for the same seed only', () => {
    const first = buildModel('mlp', images, 1)
    expect(buildModel('mlp', images, 1)).toEqual(first)
    expect(buildModel('mlp', images, 2).initialParams).not.toEqual(first.initialParams)
  })

  it('start from 0 where that is asked for and can be learned from', () => {
    const zero = { ...images, initialWeights: 'zero' } as const
    expect(buildModel('softmax', zero, 365).initialParams.every((x) => x === 0)).toBe(true)
    expect(buildModel('mlp', zero, 365)).toEqual(buildModel('mlp', images, 365))
  })

  it.each([
    ['cnn-mnist', { featureShape: [20], classes: 2 }, /needs images.*not 20.*softmax or mlp/],
    ['cnn-fashion', { featureShape: [1, 5, 5], classes: 2 }, /at least 6 × 6, not 1 × 5 × 5/],
    ['resnet', images, /no built-in model.*softmax, mlp, cnn-mnist, cnn-fashion/],
    ['softmax', { featureShape: [20], classes: 1 }, /needs two classes/],
  ])('refuse what does not fit: %s', (name, options, message) => {
    expect(() => buildModel(name, options, 365)).toThrow(message)
    expect(() => buildModel(name, options, 365)).toThrow(
      expect.objectContaining({ code: 'MODEL_UNSUPPORTED' }),
    )
  })
})

test('layers of more weights than a graph can hold are refused before they are made', () => {
  const started = performance.now()
  expect(() =>
    buildModel('mlp', { featureShape: [4], classes: 3, hidden: [65_536, 65_536, 65_536] }, 1),
  ).toThrow(/narrower/)
  expect(performance.now() - started).toBeLessThan(500)
})

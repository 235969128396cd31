import { describe, expect, it } from 'vitest'
import { chooseSamples, evaluationSample } from './evaluationSample.ts'

const sorted = Int32Array.from({ length: 300 }, (_, index) => Math.floor(index / 100))

describe('the sample of an evaluation', () => {
  it('has every class in proportion, however the file is sorted', () => {
    const chosen = evaluationSample(sorted, 3, 30)
    const counts = [0, 1, 2].map((label) => chosen.filter((at) => sorted[at] === label).length)
    expect(counts).toEqual([10, 10, 10])
    expect([...chosen]).toEqual([...new Set(chosen)].sort((a, b) => a - b))
    expect(chosen.subarray(0, 10)).not.toEqual(Uint32Array.from({ length: 10 }, (_, at) => at))
  })

  it('is the same each time, and all samples in their order where as many are wanted', () => {
    expect(evaluationSample(sorted, 3, 31)).toEqual(evaluationSample(sorted, 3, 31))
    expect(evaluationSample(sorted, 3, 300)).toEqual(Uint32Array.from(sorted, (_, at) => at))
    expect(evaluationSample(sorted, 3, 5000)).toHaveLength(300)
  })

  it('takes labels and features of the same rows', () => {
    const samples = {
      count: 300,
      labels: sorted,
      gather(indices: Uint32Array, out: Float32Array) {
        indices.forEach((index, at) => (out[at] = index))
      },
    }
    const chosen = evaluationSample(sorted, 3, 7)
    const part = chooseSamples(samples, chosen)
    const out = new Float32Array(2)
    part.gather(Uint32Array.of(6, 0), out)
    expect([...out]).toEqual([chosen[6], chosen[0]])
    expect(part.labels[6]).toBe(2)
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawBatch, smallClientNotices } from './minibatch.ts'
import { partition } from './partition.ts'

const labels = Int32Array.from({ length: 1000 }, (_, index) => index % 10)
const split = partition(labels, 10, 7, { kind: 'quantity', exponent: 1 }, 20, 1)

describe('a minibatch', () => {
  it('has distinct samples of its client, ascending', () => {
    fc.assert(
      fc.property(
        fc.nat(6),
        fc.nat(2 ** 32 - 1),
        fc.nat(9999),
        fc.integer({ min: 1, max: 20 }),
        (client, round, step, size) => {
          const own = new Set(split.samplesOf(client))
          const batch = drawBatch(split, client, round, step, size, 5)
          expect(batch).toHaveLength(size)
          batch.forEach((sample, index) => {
            expect(own.has(sample)).toBe(true)
            if (index > 0) expect(sample).toBeGreaterThan(batch[index - 1]!)
          })
        },
      ),
    )
  })

  it('is the same whenever it is drawn, and differs by client, round, local step and seed', () => {
    const draw = (client: number, round: number, step: number, seed: number) =>
      drawBatch(split, client, round, step, 10, seed)
        .map((sample) => split.samplesOf(client).indexOf(sample))
        .join()
    expect(draw(0, 1, 2, 3)).toBe(draw(0, 1, 2, 3))
    const all = [
      draw(0, 1, 2, 3),
      draw(0, 2, 1, 3),
      draw(0, 1, 3, 3),
      draw(0, 2, 2, 3),
      draw(0, 1, 2, 4),
    ]
    expect(new Set(all).size).toBe(all.length)
  })

  it('gives every sample of the client the same chance', () => {
    const samples = split.samplesOf(6)
    const counts = new Map<number, number>()
    const rounds = 4000
    for (let round = 0; round < rounds; round++)
      for (const sample of drawBatch(split, 6, round, 0, 5, 1))
        counts.set(sample, (counts.get(sample) ?? 0) + 1)
    const share = 5 / samples.length
    const deviation = Math.sqrt(rounds * share * (1 - share))
    for (const sample of samples)
      expect(Math.abs((counts.get(sample) ?? 0) - rounds * share)).toBeLessThan(5 * deviation)
  })

  it('takes all that a client has where that is less, and says so', () => {
    const size = split.sizes[6]!
    expect(drawBatch(split, 6, 0, 0, size, 1)).toEqual(split.samplesOf(6))
    expect(drawBatch(split, 6, 0, 0, size + 1, 1)).toEqual(split.samplesOf(6))
    expect(smallClientNotices(split, size)).toEqual([])
    expect(smallClientNotices(split, size + 1)).toEqual([
      expect.stringMatching(
        new RegExp(`of 7 clients hold fewer samples than a batch of ${size + 1}`),
      ),
    ])
  })
})

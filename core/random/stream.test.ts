/**
 * Streams: addressed, unbiased, and distributed as they say. Seeds are fixed; bounds are five
 * standard deviations.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RandomStream, domains, type Domain } from './index.ts'

const stream = (seed = 1) => new RandomStream(seed, 'objective')

/**
 * Asserts that the counts come from equal probabilities: chi-square within five standard deviations
 * of its mean.
 */
function expectUniform(counts: readonly number[]): void {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  const freedom = counts.length - 1
  expect(Math.abs(chiSquare - freedom)).toBeLessThan(5 * Math.sqrt(2 * freedom))
}

/**
 * Asserts mean and variance, given the excess kurtosis that sets the spread of a sample variance.
 */
function expectMoments(
  draw: () => number,
  n: number,
  mean: number,
  variance: number,
  kurtosis: number,
): void {
  let sum = 0
  let squares = 0
  for (let i = 0; i < n; i++) {
    const centred = draw() - mean
    sum += centred
    squares += centred * centred
  }
  expect(Math.abs(sum / n)).toBeLessThan(5 * Math.sqrt(variance / n))
  expect(Math.abs(squares / n / variance - 1)).toBeLessThan(5 * Math.sqrt((2 + kurtosis) / n))
}

function tally(cells: number, draws: number, draw: () => number): number[] {
  const counts = new Array<number>(cells).fill(0)
  for (let i = 0; i < draws; i++) counts[draw()]! += 1
  return counts
}

describe('a stream', () => {
  it('depends on its address alone', () => {
    const first = new RandomStream(7, 'batch', 3, 4, 5)
    const second = new RandomStream(7, 'batch', 3, 4, 5)
    const other = stream()
    for (let i = 0; i < 100; i++) {
      other.uint32()
      expect(second.uint32()).toBe(first.uint32())
    }
  })

  it('is another one for every seed, domain and address', () => {
    const names = Object.keys(domains) as Domain[]
    const seen = new Set<string>()
    let streams = 0
    for (const domain of names) {
      for (let set = 0; set < 16; set++) {
        for (const shift of [0, 16, 31]) {
          const address = [0, 1, 2, 3].map((k) => (((set >> k) & 1) << shift) >>> 0)
          const s = new RandomStream(address[0]!, domain, address[1], address[2], address[3])
          const key = `${domain} ${address.join(' ')}`
          if (seen.has(key)) continue
          seen.add(key)
          streams++
          seen.add(`${s.uint32()} ${s.uint32()}`)
        }
      }
    }
    expect(seen.size).toBe(2 * streams)
    expect(new Set(Object.values(domains)).size).toBe(names.length)
  })

  it('refuses a seed or address that is not a uint32', () => {
    for (const bad of [-1, 0.5, 2 ** 32, NaN]) {
      expect(() => new RandomStream(bad, 'seeds')).toThrow(RangeError)
      expect(() => new RandomStream(0, 'seeds', bad)).toThrow(RangeError)
      expect(() => new RandomStream(0, 'seeds', 0, bad)).toThrow(RangeError)
    }
  })
})

describe('uniform numbers', () => {
  it('fill [0, 1) evenly, in their low bits too', () => {
    const s = stream(2)
    expectUniform(tally(100, 200_000, () => Math.floor(s.uniform() * 100)))
    expectUniform(tally(16, 100_000, () => (s.uniform() * 2 ** 53) % 16))
  })

  it('below n are equally likely, where n does not divide 2^32', () => {
    for (const n of [2, 7, 10, 1000]) {
      const s = stream(n)
      expectUniform(tally(n, 200 * n, () => s.below(n)))
    }
    expect(stream().below(1)).toBe(0)
    // Taking the remainder of one word would make the lower half twice as likely here.
    const n = 3 * 2 ** 30
    const s = stream(3)
    expectUniform(tally(3, 60_000, () => Math.floor(s.below(n) / 2 ** 30)))
    expect(stream().below(2 ** 32)).toBe(stream().uint32())
    for (const bad of [0, -1, 1.5, 2 ** 32 + 1, NaN]) expect(() => s.below(bad)).toThrow(RangeError)
  })
})

describe('normal, gamma and Dirichlet numbers', () => {
  it('normal: moments, and both halves of a pair independent', () => {
    const s = stream(4)
    expectMoments(() => s.normal(), 200_000, 0, 1, 0)
    expectMoments(() => s.normal() * s.normal(), 100_000, 0, 1, 6)
    expectMoments(
      () => Math.abs(s.normal()),
      100_000,
      Math.sqrt(2 / Math.PI),
      1 - 2 / Math.PI,
      0.869,
    )
  })

  it.each([0.05, 0.5, 1, 2.5, 30])('gamma(%f): mean and variance are the shape', (shape) => {
    const s = stream(5)
    expectMoments(() => s.gamma(shape), 200_000, shape, shape, 6 / shape)
  })

  it('gamma(1) is exponential: P(x > t) = e^-t', () => {
    const s = stream(6)
    const counts = [0, 0, 0]
    const n = 100_000
    for (let i = 0; i < n; i++) {
      const x = s.gamma(1)
      for (const t of [1, 2, 3]) if (x > t) counts[t - 1]! += 1
    }
    counts.forEach((count, i) => {
      const p = Math.exp(-i - 1)
      expect(Math.abs(count - n * p)).toBeLessThan(5 * Math.sqrt(n * p * (1 - p)))
    })
  })

  it('Dirichlet: each coordinate has the mean and variance of its Beta marginal', () => {
    const s = stream(7)
    const alphas = [0.3, 1, 2.7]
    const n = 50_000
    const draws = Array.from({ length: n }, () => s.dirichlet(alphas))
    alphas.forEach((alpha, i) => {
      const mean = alpha / 4
      const variance = (mean * (1 - mean)) / 5
      const average = draws.reduce((sum, draw) => sum + draw[i]!, 0) / n
      const spread = draws.reduce((sum, draw) => sum + (draw[i]! - mean) ** 2, 0) / n
      expect(Math.abs(average - mean)).toBeLessThan(5 * Math.sqrt(variance / n))
      // A variable in [0, 1]: the variance of its squared deviation is below its variance.
      expect(Math.abs(spread - variance)).toBeLessThan(5 * Math.sqrt(variance / n))
    })
  })

  it('Dirichlet of concentrations near 0 is a corner of the simplex, not NaN', () => {
    const s = stream(8)
    const corners = tally(4, 4000, () => {
      const draw = s.dirichlet([1e-4, 1e-4, 1e-4, 1e-4])
      expect(Math.abs(draw.reduce((a, b) => a + b, 0) - 1)).toBeLessThan(1e-12)
      return draw.indexOf(Math.max(...draw))
    })
    expectUniform(corners)
  })

  it('refuse shapes that make no sense', () => {
    for (const bad of [0, -1, NaN, Infinity]) {
      expect(() => stream().gamma(bad)).toThrow(RangeError)
      expect(() => stream().dirichlet([1, bad])).toThrow(RangeError)
    }
    expect(() => stream().dirichlet([])).toThrow(RangeError)
  })
})

describe('permutations and samples', () => {
  it('every order of four is equally likely', () => {
    const s = stream(9)
    const index = new Map<string, number>()
    const counts = tally(24, 48_000, () => {
      const key = s.permutation(4).join('')
      if (!index.has(key)) index.set(key, index.size)
      return index.get(key)!
    })
    expect(index.size).toBe(24)
    expectUniform(counts)
  })

  it('every subset of three of six is equally likely', () => {
    const s = stream(10)
    const index = new Map<string, number>()
    const counts = tally(20, 40_000, () => {
      const key = s.sample(6, 3).join('')
      if (!index.has(key)) index.set(key, index.size)
      return index.get(key)!
    })
    expect(index.size).toBe(20)
    expectUniform(counts)
  })

  it('a permutation holds each index once; a sample is distinct, ascending and within range', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 300 }), fc.nat(), fc.nat(), (n, draw, seed) => {
        const order = stream(seed).permutation(n)
        expect([...order].sort((a, b) => a - b)).toEqual([...order.keys()])
        const m = n === 0 ? 0 : draw % (n + 1)
        const chosen = stream(seed).sample(n, m)
        expect(chosen.length).toBe(m)
        expect(chosen.every((value, i) => value < n && (i === 0 || chosen[i - 1]! < value))).toBe(
          true,
        )
      }),
      { seed: 4, numRuns: 200 },
    )
  })

  it('samples a few of 2^32 at once', () => {
    const s = stream(11)
    expectUniform(tally(8, 8000, () => Math.floor(s.sample(2 ** 32, 1)[0]! / 2 ** 29)))
    expect(s.sample(2 ** 32, 1000).length).toBe(1000)
    expect(() => s.sample(3, 4)).toThrow(RangeError)
    expect(() => s.sample(3, -1)).toThrow(RangeError)
  })
})

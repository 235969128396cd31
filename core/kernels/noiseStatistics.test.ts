/**
 * Are the gaussians gaussian? Moments, tails, distribution and independence of the stream as the
 * SIMD kernels draw it (they agree bit for bit with core/random). Seeds are fixed, so each test
 * passes always or never; bounds are five standard deviations of the statistic under the
 * hypothesis, unless they say otherwise.
 */
import { describe, expect, it } from 'vitest'
import { createWasmKernels } from './index.ts'

const count = 1 << 25
const kernels = createWasmKernels(count + (1 << 20))
const large = kernels.vector(count)
const small = kernels.vector(1 << 17)

/**
 * Φ(x): the series of Φ − ½ near 0, a continued fraction in the tails; about 1e-14 relative to
 * min(Φ, 1 − Φ).
 */
function normalCdf(x: number): number {
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  if (Math.abs(x) < 3) {
    let sum = 0
    for (let term = x, k = 3; sum + term !== sum; k += 2) {
      sum += term
      term *= (x * x) / k
    }
    return 0.5 + density * sum
  }
  let fraction = 0
  for (let k = 200; k > 0; k--) fraction = k / (Math.abs(x) + fraction)
  const tail = density / (Math.abs(x) + fraction)
  return x < 0 ? tail : 1 - tail
}

function gaussian(seed: number, perturbation: number, start = 0): Float32Array {
  kernels.noise(small, 'gaussian', { seed, perturbation }, start, 1)
  return small.slice()
}

function correlation(a: Float32Array, b: Float32Array, of: (z: number) => number): number {
  let sum = 0
  const length = Math.min(a.length, b.length)
  for (let e = 0; e < length; e++) sum += of(a[e]!) * of(b[e]!)
  return (sum / length) * Math.sqrt(length)
}

/** Standardised functions of a normal; two independent ones have uncorrelated values of each. */
const views = [
  ['z', (z: number) => z],
  ['z²', (z: number) => (z * z - 1) / Math.SQRT2],
  ['sign', (z: number) => Math.sign(z)],
] as const

describe(`${count} gaussians of one direction`, () => {
  kernels.noise(large, 'gaussian', { seed: 20250610, perturbation: 0 }, 0, 1)
  const bins = new Float64Array(1400)
  const moments = [0, 0, 0, 0, 0, 0, 0]
  const beyond = [0, 0, 0, 0, 0, 0]
  const below = [0, 0, 0, 0, 0, 0]
  for (const z of large) {
    bins[Math.floor((z + 7) * 100)]! += 1
    const square = z * z
    moments[1]! += z
    moments[2]! += square
    moments[3]! += square * z
    moments[4]! += square * square
    moments[6]! += square * square * square
    for (let k = 1; k <= 5; k++) {
      if (z > k) beyond[k]! += 1
      else if (z < -k) below[k]! += 1
    }
  }

  // Moment, its value, and the variance of the power: E z^2k − (E z^k)².
  it.each([
    [1, 0, 1],
    [2, 1, 2],
    [3, 0, 15],
    [4, 3, 96],
    [6, 15, 10170],
  ])('moment %i is %i', (k, value, variance) => {
    expect(Math.abs(moments[k]! / count - value)).toBeLessThan(5 * Math.sqrt(variance / count))
  })

  it.each([1, 2, 3, 4, 5])('as many lie beyond ±%i as should', (k) => {
    const expected = count * normalCdf(-k)
    expect(Math.abs(beyond[k]! - expected)).toBeLessThan(5 * Math.sqrt(expected))
    expect(Math.abs(below[k]! - expected)).toBeLessThan(5 * Math.sqrt(expected))
  })

  it('bins of 0.01 have the counts of the normal density (chi-square)', () => {
    let chiSquare = 0
    let freedom = 0
    for (let i = 0; i < bins.length; i++) {
      const expected = count * (normalCdf((i - 699) / 100) - normalCdf((i - 700) / 100))
      if (expected < 10) continue
      chiSquare += (bins[i]! - expected) ** 2 / expected
      freedom++
    }
    // Bins out to ±4.36.
    expect(freedom).toBe(872)
    expect(Math.abs(chiSquare - freedom)).toBeLessThan(5 * Math.sqrt(2 * freedom))
  })

  it('pass Kolmogorov and Smirnov, in each of the four places that a counter fills', () => {
    for (const row of [0, 1, 2, 3]) {
      const sample = new Float32Array(1 << 18)
      for (let i = 0; i < sample.length; i++) sample[i] = large[16 * (i >> 2) + 4 * row + (i & 3)]!
      sample.sort()
      let furthest = 0
      for (let i = 0; i < sample.length; i++) {
        const p = normalCdf(sample[i]!)
        furthest = Math.max(furthest, p - i / sample.length, (i + 1) / sample.length - p)
      }
      // P(√n·D > 2.23) = 2·exp(−2·2.23²) = 1e-4
      expect(furthest * Math.sqrt(sample.length)).toBeLessThan(2.23)
    }
  })
})

describe('gaussians are independent', () => {
  it.each(views)('of those up to 64 elements away, in %s', (_, of) => {
    const z = gaussian(3, 0)
    for (let lag = 1; lag <= 64; lag++) {
      expect(Math.abs(correlation(z, z.subarray(lag), of))).toBeLessThan(5)
    }
  })

  it.each(views)('of other seeds, perturbations and blocks, in %s', (_, of) => {
    const seed = 1234
    const z = gaussian(seed, 0)
    const others = [
      ...[1, 2, 3, 256, 65536, 2 ** 31].map((step) => gaussian(seed + step, 0)),
      ...[1, 2, 3, 256, 65536, 2 ** 31].map((perturbation) => gaussian(seed, perturbation)),
      ...[16, 32, 1024, 1 << 17, 2 ** 30].map((start) => gaussian(seed, 0, start)),
      gaussian(0, seed),
      gaussian(seed + 1, 1),
    ]
    for (const other of others) expect(Math.abs(correlation(z, other, of))).toBeLessThan(5)
  })

  it('as pairs: the angle of neighbours of one counter is uniform', () => {
    const z = gaussian(5, 1)
    const counts = new Float64Array(64)
    for (let e = 0; e < z.length; e += (e & 3) === 3 ? 5 : 1) {
      const angle = Math.atan2(z[e + 4]!, z[e]!)
      counts[Math.min(63, Math.floor(((angle + Math.PI) / (2 * Math.PI)) * 64))]! += 1
    }
    const expected = z.length / 2 / 64
    const chiSquare = counts.reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
    expect(Math.abs(chiSquare - 63)).toBeLessThan(5 * Math.sqrt(126))
  })
})

it('no two of 65,536 neighbouring addresses hold the same numbers', () => {
  const seen = new Set<string>()
  const block = kernels.vector(16)
  let addresses = 0
  for (let seed = 0; seed < 32; seed++) {
    for (let perturbation = 0; perturbation < 32; perturbation++) {
      for (let start = 0; start < 64 * 16; start += 16) {
        kernels.noise(block, 'gaussian', { seed, perturbation }, start, 1)
        seen.add(`${block[0]} ${block[1]}`)
        addresses++
      }
    }
  }
  expect(addresses).toBe(65_536)
  expect(seen.size).toBe(addresses)
})

it('every gaussian is finite and below the largest radius', () => {
  let least = Infinity
  let most = 0
  for (const z of large) {
    const size = Math.abs(z)
    if (!(size < 6.661)) throw new Error(`${z} is not a possible gaussian`)
    if (size < least) least = size
    if (size > most) most = size
  }
  expect(least).toBeLessThan(1e-6)
  expect(most).toBeGreaterThan(5)
})

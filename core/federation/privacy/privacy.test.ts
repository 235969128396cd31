import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RandomStream } from '../../random/index.ts'
import { epsilonSpent, gaussianMechanism, PrivacyBudget } from './index.ts'

const stream = () => new RandomStream(1, 'privacy', 2, 3)

describe('the Gaussian mechanism', () => {
  test('adds the same noise whatever the reply is, and to a reply clipped to length C', () => {
    const scalars = fc.float32Array({
      minLength: 1,
      maxLength: 20,
      noNaN: true,
      min: -1e6,
      max: 1e6,
    })
    fc.assert(
      fc.property(scalars, fc.double({ min: 0.01, max: 100, noNaN: true }), (reply, clip) => {
        const z = 2
        const sent = gaussianMechanism(reply, clip, z, stream())
        const noise = gaussianMechanism(new Float32Array(reply.length), clip, z, stream())
        const clipped = sent.map((value, index) => value - noise[index]!)
        // float32 rounds what is sent.
        const rounding = 1e-6 * (clip + Math.max(...sent.map(Math.abs)))
        const norm = Math.sqrt(clipped.reduce((sum, value) => sum + value * value, 0))
        const own = Math.sqrt(reply.reduce((sum, value) => sum + value * value, 0))
        const expected = Math.min(own, clip)
        expect(Math.abs(norm - expected)).toBeLessThanOrEqual(rounding * Math.sqrt(reply.length))
      }),
    )
  })

  test('has noise of standard deviation σ·C', () => {
    const sent = gaussianMechanism(new Float32Array(10_000), 3, 0.5, stream())
    const variance = sent.reduce((sum, value) => sum + value * value, 0) / 10_000
    // Five standard deviations of the mean of 10,000 squared normals.
    expect(Math.abs(variance / 2.25 - 1)).toBeLessThan(5 * Math.sqrt(2 / 10_000))
  })
})

/** Φ(x) by Simpson's rule on the density, within 1e-9. */
function normalCdf(x: number): number {
  const [low, steps] = [-40, 40_000]
  const width = (x - low) / steps
  let sum = 0
  for (let step = 0; step <= steps; step++) {
    const weight = step === 0 || step === steps ? 1 : step % 2 === 1 ? 4 : 2
    sum += weight * Math.exp(-((low + step * width) ** 2) / 2)
  }
  return (sum * width) / 3 / Math.sqrt(2 * Math.PI)
}

/**
 * The exact δ(ε) of T Gaussian mechanisms: they are one with μ = √T · 2/z (Dong, Roth and Su, arXiv
 * 1905.02383, Corollary 3.3), and δ = Φ(−ε/μ + μ/2) − e^ε Φ(−ε/μ − μ/2) (its Corollary 2.13).
 */
function exactDelta(epsilon: number, noiseMultiplier: number, replies: number): number {
  const mu = (2 * Math.sqrt(replies)) / noiseMultiplier
  return normalCdf(-epsilon / mu + mu / 2) - Math.exp(epsilon) * normalCdf(-epsilon / mu - mu / 2)
}

describe('the accountant', () => {
  test.each([
    // ρ = 2T/σ², ε = ρ + 2√(ρ ln(1/δ)), by hand.
    [10, 1e-5, 50, 1 + 2 * Math.sqrt(Math.log(1e5))],
    [2, 1e-6, 2, 1 + 2 * Math.sqrt(Math.log(1e6))],
    [1, Math.exp(-2), 1, 2 + 2 * 2],
  ])('σ = %d, δ = %d, T = %d', (noiseMultiplier, delta, replies, epsilon) => {
    expect(epsilonSpent(noiseMultiplier, delta, replies)).toBeCloseTo(epsilon, 12)
  })

  test('is the best order of Rényi divergence, to the last digits of a search over orders', () => {
    const [z, delta, replies] = [8, 1e-5, 20]
    let best = Infinity
    for (let order = 1.001; order < 200; order += 0.001)
      best = Math.min(best, (2 * replies * order) / z ** 2 + Math.log(1 / delta) / (order - 1))
    const epsilon = epsilonSpent(z, delta, replies)
    expect(epsilon).toBeLessThanOrEqual(best)
    expect(best - epsilon).toBeLessThan(1e-6)
  })

  test.each([
    [4, 1e-5, 1],
    [8, 1e-5, 20],
    [20, 1e-6, 200],
    [5, 1e-3, 30],
  ])('never says less than the exact value: z = %d, δ = %d, T = %d', (z, delta, replies) => {
    const epsilon = epsilonSpent(z, delta, replies)
    expect(exactDelta(epsilon, z, replies)).toBeLessThanOrEqual(delta)
    // Nor much more: at two thirds of it the exact δ is larger than the one that was asked for.
    expect(exactDelta((2 / 3) * epsilon, z, replies)).toBeGreaterThan(delta)
  })
})

describe('the budget', () => {
  test('is that of the client who has replied most often', () => {
    const budget = new PrivacyBudget(4, 10, 1e-5)
    expect(budget.epsilon).toBe(0)
    for (const client of [0, 3, 3, 1, 3]) budget.spend(client)
    expect(budget.epsilon).toBe(epsilonSpent(10, 1e-5, 3))
  })
})

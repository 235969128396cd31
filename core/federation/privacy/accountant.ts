/**
 * What the replies of a client reveal about its data, as (ε, δ). The claim, and no more: for any
 * two data sets that a client might have, and for anyone who reads all its replies (including the
 * server), the probabilities of what is read differ by a factor of at most e^ε, except with
 * probability δ. docs/privacy.md says what this leaves out.
 *
 * 1. A reply is clipped to length C, so two data sets move it by at most 2C. With noise of
 *   deviation σC its Rényi divergence of order α is at most α·(2C)² / (2(σC)²) = 2α/σ² (arXiv
 *   1702.07476, Mironov 2017, Corollary 3).
 * 2. T replies, each depending on the earlier ones, add up: ρα with ρ = 2T/σ² (the same,
 *   Proposition 1).
 * 3. That is (ρα + ln(1/δ)/(α − 1), δ)-differential privacy for every α > 1 (the same, Proposition
 *   3). The best is α = 1 + √(ln(1/δ)/ρ), which gives ε = ρ + 2√(ρ ln(1/δ)) (as in arXiv
 *   1605.02065, Bun and Steinke 2016, Proposition 1.3).
 *
 * Sampling clients or minibatches amplifies nothing here: who takes part is public, and a reply is
 * clipped as a whole.
 */
import { log } from '../../random/index.ts'

/**
 * @param noiseMultiplier σ > 0
 * @param delta δ in (0, 1)
 * @param replies T that one client has sent
 * @returns ε
 */
export function epsilonSpent(noiseMultiplier: number, delta: number, replies: number): number {
  const rho = (2 * replies) / (noiseMultiplier * noiseMultiplier)
  return rho + 2 * Math.sqrt(rho * -log(delta))
}

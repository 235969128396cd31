/** A plausible report of the Hessian lab: H is noise around 1, the truth a power law. */
import type { CurvatureReport } from '../../core/engine/index.ts'
import { random } from './fakeAnswers.ts'

const dim = 500

export function fakeCurvature(folder: string): CurvatureReport {
  const next = random(3)
  const learned = Float64Array.from({ length: dim }, () => 0.8 + 0.4 * next())
  const truth = Float64Array.from(learned, (_, j) => 1 / (1 + j))
  const spread = { mean: 1, relative: 0.1, smallest: 0.8, median: 1, largest: 1.2 }
  const estimate = (value: number) => ({ value, error: 0 })
  const rank = { value: 0.02, error: 0.045 }
  const metric = (name: 'learned' | 'identity' | 'diagonal', whiteningRank: number) => ({
    metric: name,
    whiteningRank: estimate(whiteningRank),
    norm: 1,
    effectiveRank: whiteningRank,
    relativeVariance: dim / 20,
    bestDecrease: 0.01,
    gain: name === 'diagonal' ? 0.6 : 1,
  })
  const at = Float64Array.from({ length: 50 }, (_, i) => i / 50)
  const counts = Uint32Array.of(1, 2, 4, 8, 16, 32, 64)
  const cosine = Float64Array.from(counts, (count) => Math.sqrt(count / (dim + count + 1)))
  return {
    folder,
    name: 'fake',
    dim,
    samples: 512,
    probes: 'exact',
    isComplete: true,
    rounds: [
      {
        round: 20,
        perturbations: 20,
        mu: 1e-3,
        loss: 0.5,
        gradientNorm: 1,
        source: 'coordinates',
        derivatives: 'exact',
        verdict: {
          kind: 'none',
          sentence: 'H does not track the Hessian here.',
          criterion:
            'rank correlation 0.020 ± 0.045: within two standard errors of 0, or below 0.1',
        },
        rank,
        squaredGradientRank: rank,
        ceiling: 1,
        logs: { value: 0.01, count: dim },
        learned: spread,
        noise: spread,
        truth: { ...spread, relative: 5 },
        negativeShare: 0,
        zeroShare: 0,
        trace: estimate(6.8),
        norm: 1,
        effectiveRank: 6.8,
        tensors: [
          {
            name: 'weight',
            shape: [dim],
            size: dim,
            learnedMean: 1,
            learnedSpread: 0.1,
            trueMean: estimate(0.0136),
            trueSpread: 5,
            rank,
          },
        ],
        scatter: {
          index: Uint32Array.from(learned, (_, j) => j),
          learned,
          truth,
          error: new Float64Array(dim),
        },
        spectrum: {
          top: truth.slice(0, 10),
          topErrors: new Float64Array(10),
          smallest: 0,
          negativeShare: 0,
          at,
          density: at.map((place) => Math.exp(-20 * place)),
        },
        metrics: [metric('learned', 7), metric('identity', 6.8), metric('diagonal', dim)],
        subspace: {
          directions: 20,
          eigenvalues: Float64Array.from({ length: 20 }, (_, i) => 30 / (1 + i) ** 2),
          topShare: 0.62,
          learningRate: 0.05,
          largestRate: 1.33,
          kept: 0.93,
        },
        angles: {
          perturbations: counts,
          curves: [
            { metric: 'learned', measured: cosine, expected: cosine },
            { metric: 'identity', measured: cosine, expected: cosine },
          ],
        },
      },
    ],
  }
}

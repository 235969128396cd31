/** Everything that the Hessian lab computes about one state (x, H) of a run. */
import { RandomStream } from '../random/index.ts'
import { measureAngles, type Angles, type AngleMetric, type AngleSettings } from './angle.ts'
import { logCorrelation, rankCorrelation } from './correlation.ts'
import {
  fillSigns,
  trueDiagonal,
  weightedTrace,
  type Estimate,
  type TrueDiagonal,
} from './diagonal.ts'
import { hessianOperator, whitenedOperator } from './differences.ts'
import { lanczos, lanczosApplications, spectralNorm } from './lanczos.ts'
import type { LossSurface, Operator } from './lossSurface.ts'
import {
  bestDecrease,
  diagonalMetric,
  estimateMoments,
  estimateVariance,
  reachOf,
  type MetricName,
  type MetricReport,
} from './metric.ts'
import {
  examineSubspace,
  subspaceProducts,
  type SubspaceReport,
  type SubspaceSettings,
} from './subspace.ts'
import { summarizeSpectrum, type SpectrumSummary } from './spectrum.ts'
import { spreadOf, type Spread } from './spread.ts'
import { summarizeTensors, type Tensor, type TensorSummary } from './tensorSummary.ts'
import { dot, norm } from './vectors.ts'
import { ceilingOf, judge, type Verdict } from './verdict.ts'

export interface ExaminationSettings {
  /**
   * The number of random probes for the true diagonal, at least 2, or every coordinate by itself.
   */
  readonly probes: number | 'exact'
  /** k, applications of the Hessian for its spectrum. */
  readonly spectrumSteps: number
  /** η of the next round. */
  readonly learningRate: SubspaceSettings['learningRate']
  /** P of the round, for which the variance is reported. */
  readonly perturbations: number
  readonly angles: AngleSettings
  readonly seed: number
}

export interface Examination {
  /** f(x) on the lab's samples. */
  readonly loss: number
  readonly gradientNorm: number
  readonly source: TrueDiagonal['source']
  /**
   * Whether second derivatives are exact, or those of the loss smoothed over `differenceStep` of
   * the length of x: all figures alike.
   */
  readonly derivatives: 'exact' | 'differences'
  readonly verdict: Verdict
  /** Spearman, learned H against true diagonal. */
  readonly rank: Estimate
  /** Between the learned H and the squared gradient, which is what single scalars can show. */
  readonly squaredGradientRank: Estimate
  /** The largest possible `rank`, given the uncertainty of the truth. */
  readonly ceiling: number
  /**
   * Pearson's correlation of the logarithms, over the `count` parameters where both are above 0.
   */
  readonly logs: { readonly value: number; readonly count: number }
  readonly learned: Spread
  readonly truth: Spread
  /** Shares of the true diagonal below 0, and exactly 0. */
  readonly negativeShare: number
  readonly zeroShare: number
  /** Tr Σ */
  readonly trace: Estimate
  /** ‖Σ‖, the largest |eigenvalue|. */
  readonly norm: number
  /** κ = Tr(Σ) / ‖Σ‖ */
  readonly effectiveRank: number
  readonly tensors: readonly TensorSummary[]
  /** Parameters drawn at random, in ascending order of their index. */
  readonly scatter: {
    readonly index: Uint32Array
    readonly learned: Float64Array
    readonly truth: Float64Array
    /** 0 if the truth is exact. */
    readonly error: Float64Array
  }
  readonly spectrum: SpectrumSummary
  /**
   * Without `learned` if H is the same for every parameter: it is then the identity times a factor.
   */
  readonly metrics: readonly MetricReport[]
  /** Curvature along random directions of the learned H. */
  readonly subspace: SubspaceReport
  readonly angles: Angles
}

const scatterPoints = 2000
/**
 * Applications that determine the largest eigenvalue of a whitened Hessian well enough for a ratio.
 */
const normSteps = 12

/** Cost of a gradient in losses: one forward, two backward. */
export const gradientCost = 3
/** An application of the Hessian: two gradients, or one differentiated again. */
export const productCost = 2 * gradientCost

/** Losses that an examination computes, others counted by what they cost; for progress. */
export function examinationCost(surface: LossSurface, settings: ExaminationSettings): number {
  const { dim } = surface
  const { probes, spectrumSteps, angles } = settings
  const metrics = 3
  const probed = surface.closedDiagonal !== undefined ? 0 : probes === 'exact' ? dim : probes
  const products =
    probed +
    lanczosApplications(spectrumSteps, dim) +
    (metrics - 1) * lanczosApplications(normSteps, dim) +
    metrics +
    subspaceProducts(settings.perturbations)
  const sides = angles.estimator === 'central' ? 2 : 1
  const losses = 1 + sides * metrics * angles.repeats * angles.perturbations
  return productCost * products + gradientCost + losses
}

/**
 * @param params x, float32[d]
 * @param hessian the learned H, float32[d], > 0
 * @param tensors the parameters' tensors, in order and without gaps
 */
export async function examine(
  surface: LossSurface,
  params: Float32Array,
  hessian: Float32Array,
  tensors: readonly Tensor[],
  settings: ExaminationSettings,
): Promise<Examination> {
  const { dim } = surface
  const stream = (use: number) => new RandomStream(settings.seed, 'curvature', use)
  const identity = new Float32Array(dim).fill(1)
  const gradient = new Float64Array(dim)
  const loss = await surface.gradient(params, gradient)
  const learned = spreadOf(hessian)
  const isLearned = learned.relative > 0

  const truth = await trueDiagonal(
    surface,
    params,
    settings.probes,
    [identity, hessian],
    stream(streams.probes),
  )
  const trueSpread = spreadOf(truth.values, truth.errors)
  const rank = rankCorrelation(hessian, truth.values)
  const ceiling = truth.halves === undefined ? 1 : ceilingOf(rankCorrelation(...truth.halves).value)

  const operator = hessianOperator(surface, params)
  const start = new Float64Array(dim)
  fillSigns(start, stream(streams.spectrum))
  const ritz = await lanczos(operator, start, settings.spectrumSteps)
  const largest = spectralNorm(ritz)
  const [trace, learnedTrace] = truth.traces as [Estimate, Estimate]

  const diagonal = diagonalMetric(truth.values)
  const candidates: readonly { name: MetricName; values: Float32Array; whiteningRank: Estimate }[] =
    [
      { name: 'learned', values: hessian, whiteningRank: learnedTrace },
      { name: 'identity', values: identity, whiteningRank: trace },
      {
        name: 'diagonal',
        values: diagonal,
        whiteningRank: { value: weightedTrace(truth.values, diagonal), error: 0 },
      },
    ]
  const metrics: MetricReport[] = []
  const plain = reachOf(estimateMoments(gradient, identity), trace.value)
  const angleMetrics: AngleMetric[] = []
  for (const { name, values, whiteningRank } of candidates) {
    if (name === 'learned' && !isLearned) continue
    const whitenedNorm =
      name === 'identity'
        ? largest
        : spectralNorm(await lanczos(whitenedOperator(operator, values), start, normSteps))
    const moments = estimateMoments(gradient, values)
    const { perturbations } = settings
    metrics.push({
      metric: name,
      whiteningRank,
      norm: whitenedNorm,
      effectiveRank: whiteningRank.value / whitenedNorm,
      gain: ratioOf(reachOf(moments, whiteningRank.value), plain),
      relativeVariance: estimateVariance(moments, perturbations) / moments.meanSquare,
      bestDecrease: bestDecrease(
        moments,
        await curvatureAlongMean(operator, gradient, values),
        whiteningRank.value,
        perturbations,
      ),
    })
    angleMetrics.push({ name, values, moments })
  }

  return {
    loss,
    gradientNorm: norm(gradient),
    source: truth.source,
    derivatives: surface.product === undefined ? 'differences' : 'exact',
    verdict: judge({
      learnedSpread: learned.relative,
      trueSpread: trueSpread.relative,
      rank,
      ceiling,
    }),
    rank,
    squaredGradientRank: rankCorrelation(
      hessian,
      gradient.map((value) => value * value),
    ),
    ceiling,
    logs: logCorrelation(hessian, truth.values),
    learned,
    truth: trueSpread,
    negativeShare: shareOf(truth.values, (value) => value < 0),
    zeroShare: shareOf(truth.values, (value) => value === 0),
    trace,
    norm: largest,
    effectiveRank: trace.value / largest,
    tensors: summarizeTensors(tensors, hessian, truth),
    scatter: scatterOf(hessian, truth, stream(streams.scatter)),
    spectrum: summarizeSpectrum(ritz),
    metrics,
    subspace: await examineSubspace(operator, hessian, settings, stream(streams.subspace)),
    angles: await measureAngles(
      surface,
      params,
      gradient,
      angleMetrics,
      settings.angles,
      stream(streams.angles),
    ),
  }
}

/** What each stream of one examination is for; 0 is the engine's, for the samples. */
const streams = { probes: 1, spectrum: 2, scatter: 3, angles: 4, subspace: 5 } as const

function ratioOf(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : a / b
}

/** mᵀΣm, m = M⁻¹∇f */
async function curvatureAlongMean(
  operator: Operator,
  gradient: Float64Array,
  metric: Float32Array,
): Promise<number> {
  const mean = gradient.map((value, j) => value / metric[j]!)
  const product = new Float64Array(mean.length)
  await operator(mean, product)
  return dot(mean, product)
}

function shareOf(values: Float64Array, holds: (value: number) => boolean): number {
  let count = 0
  for (const value of values) if (holds(value)) count++
  return count / values.length
}

function scatterOf(hessian: Float32Array, { values, errors }: TrueDiagonal, stream: RandomStream) {
  const index = stream.sample(values.length, Math.min(scatterPoints, values.length))
  const pick = (from: ArrayLike<number> | undefined) =>
    Float64Array.from(index, (j) => from?.[j] ?? 0)
  return { index, learned: pick(hessian), truth: pick(values), error: pick(errors) }
}

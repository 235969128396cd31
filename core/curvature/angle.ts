/**
 * The angle between the estimated and the true gradient as directions are added, measured with
 * losses as a round measures them.
 */
import { fillNoise, type RandomStream } from '../random/index.ts'
import type { LossSurface } from './lossSurface.ts'
import { expectedCosine, type EstimateMoments, type MetricName } from './metric.ts'
import { dot, norm } from './vectors.ts'

export interface AngleSettings {
  /** The most directions. */
  readonly perturbations: number
  /** How often the measurement is repeated with other directions. */
  readonly repeats: number
  readonly mu: number
  readonly estimator: 'forward' | 'central'
}

interface AngleCurve {
  readonly metric: MetricName
  /** Mean cosine between Δ and ∇f over the repeats, for each P. */
  readonly measured: Float64Array
  /** Its expectation. */
  readonly expected: Float64Array
}

export interface Angles {
  /** P: powers of two. */
  readonly perturbations: Uint32Array
  readonly curves: readonly AngleCurve[]
}

export interface AngleMetric {
  readonly name: MetricName
  readonly values: Float32Array
  readonly moments: EstimateMoments
}

/** 1, 2, 4… up to `largest`. */
function powersOfTwo(largest: number): Uint32Array {
  return Uint32Array.from({ length: Math.floor(Math.log2(largest)) + 1 }, (_, i) => 2 ** i)
}

/**
 * @param params x, float32[d]
 * @param gradient ∇f(x), float64[d], not 0
 */
export async function measureAngles(
  surface: LossSurface,
  params: Float32Array,
  gradient: Float64Array,
  metrics: readonly AngleMetric[],
  settings: AngleSettings,
  stream: RandomStream,
): Promise<Angles> {
  const { mu, estimator, repeats } = settings
  const perturbations = powersOfTwo(settings.perturbations)
  const gradientNorm = norm(gradient)
  const loss = await surface.loss(params)
  const noise = new Float32Array(surface.dim)
  const direction = new Float64Array(surface.dim)
  const probe = new Float32Array(surface.dim)

  const lossAt = (distance: number) => {
    for (let j = 0; j < probe.length; j++) probe[j] = params[j]! + distance * direction[j]!
    return surface.loss(probe)
  }
  const cosines = metrics.map(() => new Float64Array(perturbations.length))
  for (let repeat = 0; repeat < repeats; repeat++) {
    const seed = stream.uint32()
    const sums = metrics.map(() => new Float64Array(surface.dim))
    for (let p = 0; p < perturbations.at(-1)!; p++) {
      fillNoise(noise, 'gaussian', seed, p, 0, 1)
      for (const [i, { values }] of metrics.entries()) {
        for (let j = 0; j < noise.length; j++) direction[j] = noise[j]! / Math.sqrt(values[j]!)
        const ahead = await lossAt(mu)
        const scalar =
          estimator === 'forward' ? (ahead - loss) / mu : (ahead - (await lossAt(-mu))) / (2 * mu)
        const sum = sums[i]!
        for (let j = 0; j < noise.length; j++) sum[j]! += scalar * direction[j]!
      }
      const step = perturbations.indexOf(p + 1)
      if (step < 0) continue
      sums.forEach((sum, i) => {
        cosines[i]![step]! += dot(sum, gradient) / (norm(sum) * gradientNorm) / repeats
      })
    }
  }
  return {
    perturbations,
    curves: metrics.map(({ name, moments }, i) => ({
      metric: name,
      measured: cosines[i]!,
      expected: Float64Array.from(perturbations, (count) =>
        expectedCosine(moments, gradientNorm, count),
      ),
    })),
  }
}

/**
 * Pieces: how the server moves along the averaged update Δ. Every replica does the same, with the
 * same bits.
 */
import type { Kernels } from '../../kernels/index.ts'

export interface ServerOptimiser {
  /** How x moves, in TeX. */
  readonly formula: string
  /** The first value of every element of each vector kept between rounds, float32[d] each. */
  readonly initialState: readonly number[]
  /**
   * x_r → x_{r+1}, in place.
   * @param delta Δ, float32[d]; may be overwritten
   * @param state in the order of `initialState`
   */
  step(
    kernels: Kernels,
    params: Float32Array,
    delta: Float32Array,
    state: readonly Float32Array[],
  ): void
}

/** x ← x + η_s Δ (FedAvg with η_s = 1). */
export function averaging(serverLearningRate: number): ServerOptimiser {
  return {
    formula: String.raw`x \leftarrow x + \eta_s \Delta`,
    initialState: [],
    step: (kernels, params, delta) => kernels.accumulate(params, delta, serverLearningRate),
  }
}

/** v ← β v + Δ, x ← x + η_s v (FedAvgM). */
export function heavyBall(serverMomentum: number, serverLearningRate: number): ServerOptimiser {
  return {
    formula: String.raw`v \leftarrow \beta v + \Delta, \quad x \leftarrow x + \eta_s v`,
    initialState: [0],
    step(kernels, params, delta, [velocity]) {
      kernels.perturb(velocity!, delta, velocity!, serverMomentum)
      kernels.accumulate(params, velocity!, serverLearningRate)
    },
  }
}

/** Updates the second moment v with Δ². */
type SecondMoment = (v: number, square: number) => number

export interface AdaptiveOptions {
  /** β₁ */
  readonly firstMoment: number
  readonly secondMoment: SecondMoment
  /** The update of v, in TeX. */
  readonly secondMomentFormula: string
  /** Added to √v; its square is the first v. */
  readonly adaptivity: number
  /** η_s */
  readonly serverLearningRate: number
}

/**
 * m ← β₁ m + (1 − β₁) Δ, v ← secondMoment(v, Δ²), x ← x + η_s m / (√v + adaptivity), in float32,
 * one rounding per operation.
 *
 * @see arXiv 2003.00295, Algorithm 2; without bias correction, as there
 */
export function adaptive(options: AdaptiveOptions): ServerOptimiser {
  const { secondMoment } = options
  const f = Math.fround
  const adaptivity = f(options.adaptivity)
  const rate = f(options.serverLearningRate)
  const keep = f(options.firstMoment)
  const take = f(1 - keep)
  return {
    formula: String.raw`m \leftarrow \beta_1 m + (1 - \beta_1) \Delta, \quad ${options.secondMomentFormula}, \quad x \leftarrow x + \eta_s \frac{m}{\sqrt{v} + \tau}`,
    initialState: [0, f(adaptivity * adaptivity)],
    step(_kernels, params, delta, [first, second]) {
      const m = first!
      const v = second!
      for (let j = 0; j < params.length; j++) {
        const d = delta[j]!
        m[j] = f(keep * m[j]!) + f(take * d)
        v[j] = secondMoment(v[j]!, f(d * d))
        const step = m[j]! / f(f(Math.sqrt(v[j]!)) + adaptivity)
        params[j]! += f(rate * f(step))
      }
    },
  }
}

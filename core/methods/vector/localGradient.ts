/** Pieces: where the gradient of a local step comes from. */
import type { FedZoSettings } from '../../config/index.ts'
import type { Kernels } from '../../kernels/index.ts'
import { isDifferentiable, type BatchAddress, type Objective } from '../../model/index.ts'
import { sphereScale } from '../../random/index.ts'
import { estimators, type Probe } from '../estimator.ts'

/** The state of a participant, and its means to measure the slope there. */
interface LocalPoint {
  readonly kernels: Kernels
  readonly objective: Objective
  readonly batch: BatchAddress
  /** x_{i,k}, float32[d] */
  readonly params: Float32Array
  /** s_{i,r,k}: of this client alone, unlike the seeds of scalar-only methods. */
  readonly seed: number
  /** Scratch, float32[d]. */
  readonly probe: Float32Array
}

export interface LocalGradient {
  /** What it computes, in TeX. */
  readonly formula: string
  /** Whether the objective must be a `DifferentiableObjective`. */
  readonly isFirstOrder: boolean
  /** P, the random directions of a local step; 0 if there are none. */
  readonly perturbations: number
  /**
   * The cost of an estimate, see `RoundResult.forwardPasses`.
   * @param wantsLoss as `estimate`'s
   */
  passes(wantsLoss: boolean): number
  /**
   * @param out receives the gradient, float32[d]
   * @param wantsLoss whether the loss must be f(x; B) itself; otherwise it may be the mean of
   *   nearby losses
   * @returns the loss, not finite if any measured loss is not; and its cost, which is `passes`
   */
  estimate(
    point: LocalPoint,
    out: Float32Array,
    wantsLoss: boolean,
  ): Promise<{ readonly loss: number; readonly forwardPasses: number }>
}

/**
 * ∇f(x; B), by reverse-mode differentiation: a forward pass, and a backward pass that costs about
 * two more.
 */
export const trueGradient: LocalGradient = {
  formula: String.raw`g = \nabla f(x)`,
  isFirstOrder: true,
  perturbations: 0,
  passes: () => 3,
  async estimate({ objective, params, batch }, out) {
    if (!isDifferentiable(objective))
      throw new Error('a first-order method was given an objective without a gradient')
    return { loss: await objective.gradient(params, batch, out), forwardPasses: 3 }
  },
}

/** (1/P) Σ_p g_p u_p along the client's own directions, g_p as in scalar-only methods. */
export function zerothOrderGradient(
  settings: Pick<FedZoSettings, 'mu' | 'perturbations' | 'estimator' | 'distribution'>,
): LocalGradient {
  const { mu, perturbations, distribution } = settings
  const estimator = estimators[settings.estimator]
  return {
    formula: String.raw`${estimator.formula}, \quad \hat g = \frac{1}{P} \sum_p g_p u_p`,
    isFirstOrder: false,
    perturbations,
    passes(wantsLoss) {
      const probes = estimator.probes(perturbations)
      return probes.length + (wantsLoss && probes[0]!.side !== 'base' ? 1 : 0)
    },
    async estimate({ kernels, objective, batch, params, seed, probe }, out, wantsLoss) {
      const address = (perturbation: number) => ({ seed, perturbation })
      const scales = Array.from({ length: perturbations }, (_, p) =>
        distribution === 'sphere'
          ? sphereScale(kernels.squaredNorm(address(p), params.length), params.length)
          : 1,
      )
      const lossAt = async (it: Probe) => {
        if (it.side === 'base') return (await objective.losses(params, [batch]))[0]!
        const { perturbation: p } = it
        const signed = it.side === 'plus' ? mu : -mu
        kernels.perturbFresh(
          probe,
          params,
          undefined,
          distribution,
          address(p),
          0,
          scales[p]!,
          signed,
        )
        return (await objective.losses(probe, [batch]))[0]!
      }

      const probes = estimator.probes(perturbations)
      const losses: number[] = []
      for (const it of probes) losses.push(await lossAt(it))
      const measuresBase = probes[0]!.side === 'base'
      const measured = wantsLoss && !measuresBase ? [await lossAt({ side: 'base' })] : losses
      out.fill(0)
      for (const [p, scalar] of estimator.scalars(losses, perturbations, mu).entries()) {
        const coefficient = Math.fround(scalar / perturbations)
        kernels.accumulateFresh(
          out,
          undefined,
          distribution,
          address(p),
          0,
          scales[p]!,
          coefficient,
        )
      }
      return {
        loss:
          losses.find((loss) => !Number.isFinite(loss)) ??
          (measuresBase ? losses[0]! : meanOf(measured)),
        forwardPasses: losses.length + (measured === losses ? 0 : 1),
      }
    },
  }
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

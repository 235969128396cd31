/**
 * Pieces: corrections of a local gradient that keep participants with different data from drifting
 * apart.
 */
import type { Kernels } from '../../kernels/index.ts'

/** What a participant receives, and what it keeps; float32[d] each. */
export interface Anchors {
  /** x_r */
  readonly start: Float32Array
  /** c, the server's control variate; only for methods with `controls`. */
  readonly control: Float32Array
  /** c_i, the client's own. */
  readonly ownControl: Float32Array
}

export interface Drift {
  /** Whether server and clients keep control variates. */
  readonly controls: boolean
  /** The correction, in TeX; absent if there is none. */
  readonly formula?: string
  /**
   * @param gradient at `params`, corrected in place
   * @param params x_{i,k}
   */
  correct(kernels: Kernels, gradient: Float32Array, params: Float32Array, anchors: Anchors): void
}

/** No correction. */
export const uncorrected: Drift = { controls: false, correct: () => {} }

/** ∇f + ρ (x − x_r): a pull back to the model that the server sent (FedProx, Eq. 2). */
export function proximal(proximalWeight: number): Drift {
  return {
    controls: false,
    formula: String.raw`g \leftarrow g + \rho (x - x_r)`,
    correct(kernels, gradient, params, { start }) {
      kernels.accumulate(gradient, params, proximalWeight)
      kernels.accumulate(gradient, start, -proximalWeight)
    },
  }
}

/**
 * ∇f + c − c_i: replaces the client's own usual gradient by the one of all clients (SCAFFOLD, Eq.
 * 3).
 */
export const controlVariates: Drift = {
  controls: true,
  formula: 'g \\leftarrow g + c - c_i',
  correct(kernels, gradient, _params, { control, ownControl }) {
    kernels.accumulate(gradient, control, 1)
    kernels.accumulate(gradient, ownControl, -1)
  },
}

/**
 * The change of a client's control variate: c_i⁺ − c_i = −c − Δ / (τ η), where Δ is the change made
 * by τ local steps of size η (SCAFFOLD, Algorithm 1, option II).
 *
 * @param out float32[d]
 */
export function controlChange(
  kernels: Kernels,
  out: Float32Array,
  delta: Float32Array,
  control: Float32Array,
  localSteps: number,
  learningRate: number,
): void {
  out.fill(0)
  kernels.accumulate(out, control, -1)
  kernels.accumulate(out, delta, -1 / (localSteps * learningRate))
}

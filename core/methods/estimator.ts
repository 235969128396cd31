/** Pieces: which losses a local step measures along a direction, and the gradient scalar that follows from them. */

/** Where a loss is measured: at x, at x + μz_p or at x − μz_p. */
export type Probe =
  { readonly side: 'base' } | { readonly side: 'plus' | 'minus'; readonly perturbation: number }

export interface Estimator {
  /** The probes of one local step with P perturbations, each needed once per client. */
  probes(perturbations: number): readonly Probe[]
  /**
   * @param losses one per probe, in the order of `probes`
   * @returns g_p, float32[P]
   */
  scalars(losses: ArrayLike<number>, perturbations: number, mu: number): Float32Array
}

const plus = (perturbation: number): Probe => ({ side: 'plus', perturbation })
const minus = (perturbation: number): Probe => ({ side: 'minus', perturbation })
const each = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** g = [f(x + μz) − f(x)] / μ */
export const forwardDifference: Estimator = {
  probes: (perturbations) => [{ side: 'base' }, ...each(perturbations, plus)],
  scalars: (losses, perturbations, mu) =>
    Float32Array.from({ length: perturbations }, (_, p) => (losses[1 + p]! - losses[0]!) / mu),
}

/** g = [f(x + μz) − f(x − μz)] / 2μ */
export const centralDifference: Estimator = {
  probes: (perturbations) => [...each(perturbations, plus), ...each(perturbations, minus)],
  scalars: (losses, perturbations, mu) =>
    Float32Array.from(
      { length: perturbations },
      (_, p) => (losses[p]! - losses[perturbations + p]!) / (2 * mu),
    ),
}

export const estimators = { forward: forwardDifference, central: centralDifference } as const

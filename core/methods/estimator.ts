/**
 * Pieces: the losses that a local step measures along a direction, and the gradient scalar that
 * follows from them.
 */

/** Where a loss is measured: at x, at x + μz_p or at x − μz_p. */
export type Probe =
  { readonly side: 'base' } | { readonly side: 'plus' | 'minus'; readonly perturbation: number }

export interface Estimator {
  /** The probes of one local step with P perturbations, each needed once per client. */
  probes(perturbations: number): readonly Probe[]
  /**
   * Scalars per direction of a local step: the gradient scalar, and the second difference if one is
   * measured.
   */
  readonly scalarsPerDirection: 1 | 2
  /**
   * @param losses one per probe, in the order of `probes`
   * @returns g_p, float32[P], then the second differences if there are any, float32[P]
   */
  scalars(losses: ArrayLike<number>, perturbations: number, mu: number): Float32Array
  /** What it computes, in TeX. */
  readonly formula: string
  /** What its scalar tells, where that is not the slope. */
  readonly meaning?: string
}

const plus = (perturbation: number): Probe => ({ side: 'plus', perturbation })
const minus = (perturbation: number): Probe => ({ side: 'minus', perturbation })
const each = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index))

/** g = [f(x + μz) − f(x)] / μ */
export const forwardDifference: Estimator = {
  formula: String.raw`g = \frac{f(x + \mu z) - f(x)}{\mu}`,
  scalarsPerDirection: 1,
  probes: (perturbations) => [{ side: 'base' }, ...each(perturbations, plus)],
  scalars: (losses, perturbations, mu) =>
    Float32Array.from({ length: perturbations }, (_, p) => (losses[1 + p]! - losses[0]!) / mu),
}

/** g = [f(x + μz) − f(x − μz)] / 2μ */
export const centralDifference: Estimator = {
  formula: String.raw`g = \frac{f(x + \mu z) - f(x - \mu z)}{2 \mu}`,
  scalarsPerDirection: 1,
  probes: (perturbations) => [...each(perturbations, plus), ...each(perturbations, minus)],
  scalars: (losses, perturbations, mu) =>
    Float32Array.from(
      { length: perturbations },
      (_, p) => (losses[p]! - losses[perturbations + p]!) / (2 * mu),
    ),
}

/**
 * The central difference, followed by c = [f(x + μz) + f(x − μz) − 2 f(x)] / μ² ≈ zᵀΣz: a second
 * scalar per direction up (paper, Eq. 11).
 */
export const secondDifference: Estimator = {
  formula: String.raw`${centralDifference.formula}, \quad c = \frac{f(x + \mu z) + f(x - \mu z) - 2 f(x)}{\mu^2}`,
  scalarsPerDirection: 2,
  probes: (perturbations) => [
    { side: 'base' },
    ...each(perturbations, plus),
    ...each(perturbations, minus),
  ],
  scalars(losses, perturbations, mu) {
    const [base, ...sides] = Array.from(losses) as [number, ...number[]]
    const curvatures = Array.from(
      { length: perturbations },
      (_, p) => (sides[p]! + sides[perturbations + p]! - 2 * base) / (mu * mu),
    )
    return Float32Array.of(...centralDifference.scalars(sides, perturbations, mu), ...curvatures)
  },
}

/** The sign of every scalar, ±1; that of 0 is +1, as on the wire. */
export function signOf(estimator: Estimator): Estimator {
  return {
    ...estimator,
    meaning:
      'Whether the loss rises along this direction (1) or falls (−1). How steeply, stays with the client.',
    formula: estimator.formula.replace(/^g = (.*)$/, String.raw`g = \operatorname{sign} $1`),
    scalars: (...measured) => estimator.scalars(...measured).map((scalar) => (scalar < 0 ? -1 : 1)),
  }
}

export const estimators = { forward: forwardDifference, central: centralDifference } as const

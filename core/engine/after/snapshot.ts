/** What charts show of a run's past: spreads of scalars, and the diagonal Hessian. */

/** Gradient scalars of many rounds: one element per round, local step and perturbation. */
export interface ScalarSpread {
  readonly round: Uint32Array
  readonly localStep: Uint32Array
  readonly perturbation: Uint32Array
  readonly mean: Float32Array
  readonly min: Float32Array
  readonly max: Float32Array
  /** The aggregated scalar ḡ. */
  readonly clients: Uint32Array
}

/** The diagonal Hessian at some rounds of a run, rebuilt from the log. */
export interface HessianSnapshot {
  /** Rounds completed. */
  readonly rounds: number
  /** Counts of log10(h) in equal bins from `low` to `high`. */
  readonly histogram: Uint32Array
  readonly low: number
  readonly high: number
  /** Values by descending rank at logarithmically spaced ranks. */
  readonly ranks: Float64Array
  readonly values: Float64Array
  /** Tr(H) / max(H) */
  readonly effectiveRank: number
}

/** The loss of a run over a plane through x, as it crosses to a face: plain data. */

/**
 * What spans the plane. `path`: the two directions in which x went furthest; `steps`: the first and
 * the last step of the run; a round, zero-based: the first two directions that its clients probed.
 */
export type SliceAxes = 'path' | 'steps' | { readonly probesOf: number }

export interface SliceOrder {
  readonly folder: string
  readonly axes: SliceAxes
  /** Another run from the same model, whose path is laid into the same plane. */
  readonly beside?: string
}

export interface SliceTrace {
  /** Points of the grid along each axis. */
  readonly side: number
  /** The grid's ends along the two axes, in lengths of x; the point (0, 0) lies in the plane. */
  readonly extent: readonly [low: number, high: number, low: number, high: number]
  /** f at the grid's points, row by row from the lowest; NaN where it is not finite. */
  readonly losses: Float64Array
  /** Training samples that f is the mean over; undefined for a formula. */
  readonly samples: number | undefined
  readonly path: SlicePath
  readonly beside: SlicePath | undefined
  /** The share of the path's squared length that lies in the plane. */
  readonly captured: number
}

/** A run's x, laid into the plane. */
export interface SlicePath {
  /** Rounds completed at each point, ascending. */
  readonly rounds: Uint32Array
  /** Pairs. */
  readonly points: Float64Array
  /** For each point μz of the next round's first directions: pairs; empty without probes. */
  readonly probes: readonly Float64Array[]
  /** For each point the covariance of z in the plane: xx, xy, yy; empty without probes. */
  readonly spreads: readonly Float64Array[]
}

/**
 * A minibatch as a person can look at it: pictures, rows of numbers, or texts, with their classes.
 */

/** Samples that are shown; a batch may hold more. */
export const shownSamples = 24

export interface ShownMinibatch {
  /** B */
  readonly samples: number
  /** Grey pictures of height × width each, row by row; float32 in [0, 1]. */
  readonly pictures?: {
    readonly height: number
    readonly width: number
    readonly pixels: readonly Float32Array[]
  }
  readonly texts?: readonly string[]
  /** The class of each sample that is shown; empty where there are none. */
  readonly classes: readonly string[]
}

/** Which minibatch, zero-based. */
export interface MinibatchAddress {
  readonly client: number
  readonly round: number
  readonly localStep: number
}

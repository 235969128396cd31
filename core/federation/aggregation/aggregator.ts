/** Pieces: how the replies of the participants become one. */

export interface Aggregator {
  /** What it computes, in TeX. */
  readonly formula: string
  /**
   * @param rows one per participant, float32[n] each: gradient scalars, or any other vector; at
   *   least one, by ascending client
   * @returns the aggregate, float32[n]
   */
  aggregate(rows: readonly Float32Array[]): Float32Array
}

/**
 * The messages of the d-dimensional protocol, as data: models down, updates up. The methods that
 * HiSo is compared with use it, and every vector is really encoded.
 */

/** Server to participant: train from here. */
export interface Model {
  readonly type: 'model'
  /** r, zero-based. */
  readonly round: number
  /** x_r and the other vectors that training starts from, float32[d] each, at least one. */
  readonly vectors: readonly Float32Array[]
}

/** How the numbers of a vector of length `dim` are written. */
export type PackedVector =
  | { readonly encoding: 'float32'; readonly values: Float32Array }
  /** The values at some indices; all others are 0. */
  | {
      readonly encoding: 'topK'
      readonly dim: number
      /** uint32[k], ascending. */
      readonly indices: Uint32Array
      /** float32[k] */
      readonly values: Float32Array
    }
  /** The same, at indices that follow from a seed. */
  | {
      readonly encoding: 'randomK'
      readonly dim: number
      readonly seed: number
      /** float32[k] */
      readonly values: Float32Array
    }
  /** value = scale · code */
  | { readonly encoding: 'int8'; readonly scale: number; readonly codes: Int8Array }

/** In the order of their codes on the wire. */
export const vectorEncodings = ['float32', 'topK', 'randomK', 'int8'] as const

/** Participant to server: how its training changed the model. */
export interface Update {
  readonly type: 'update'
  readonly round: number
  readonly client: number
  /** Of length d each, once unpacked. */
  readonly vectors: readonly PackedVector[]
}

/** What a client keeps from round to round. */
interface ClientVector {
  readonly client: number
  /** float32[d] */
  readonly vector: Float32Array
}

/**
 * In the log: what one round did to the replicas. No client needs it, as every participant receives
 * the whole model.
 */
export interface VectorEntry {
  readonly type: 'vectorEntry'
  readonly round: number
  /** d */
  readonly dim: number
  /**
   * Δ, the aggregated update, float32[d]; empty if nobody answered, and then the round changes
   * nothing.
   */
  readonly aggregate: Float32Array
  /** For methods whose clients keep a vector: its change, by ascending client. */
  readonly clientVectors: readonly ClientVector[]
  /** The server's aggregate of these changes, float32[d]; empty if it is their mean. */
  readonly control: Float32Array
}

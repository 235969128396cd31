/** What defines a scalar replica; its state in shared memory follows from it too. */
import type { ScalarSettings } from '../config/index.ts'
import type { TensorShape } from '../methods/index.ts'

export interface ReplicaPlan {
  /** d */
  readonly dim: number
  /** The trainable tensors, in the order of x. */
  readonly tensors: readonly TensorShape[]
  readonly method: ScalarSettings
  /** R */
  readonly rounds: number
  /** How many directions may be kept within a round. */
  readonly keptDirections: number
  /**
   * How many low-rank directions have their factors in the kernels' own memory; as many as a local
   * step has if left out. Others take longer to multiply.
   */
  readonly keptFactors?: number
  /** Whether x, H and kept directions lie in a `SharedState`. */
  readonly isShared?: boolean
}

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
  /** Whether x, H and kept directions lie in a `SharedState`. */
  readonly isShared?: boolean
}

/** A task as the Hessian lab sees it: its loss on a fixed sample, with the true gradient. */
import type { LossSurface, Tensor } from '../curvature/index.ts'
import type { TaskFingerprints } from './openedTask.ts'

export interface OpenedSurface {
  readonly surface: LossSurface
  /** x_0 */
  readonly initialParams: Float32Array
  readonly tensors: readonly Tensor[]
  /** Training samples that the loss is the mean of; undefined for a formula. */
  readonly samples: number | undefined
  readonly fingerprints: TaskFingerprints
  release(): Promise<void>
}

/** A task's loss on a fixed sample, for views of a run; the Hessian lab also asks for slopes. */
import type { LossSurface, Tensor } from '../curvature/index.ts'
import type { TaskFingerprints } from './openedTask.ts'

/** Needs nothing but forward passes, so any model has it. */
export interface OpenedLoss {
  readonly surface: Pick<LossSurface, 'dim' | 'loss'>
  /** x_0 */
  readonly initialParams: Float32Array
  readonly tensors: readonly Tensor[]
  /** Training samples that the loss is the mean of; undefined for a formula. */
  readonly samples: number | undefined
  readonly fingerprints: TaskFingerprints
  release(): Promise<void>
}

/** With the true gradient. */
export interface OpenedSurface extends OpenedLoss {
  readonly surface: LossSurface
}

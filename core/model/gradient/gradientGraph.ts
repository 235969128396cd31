/** An ONNX model that computes losses and their true gradient. Made by `differentiate.ts`; how it is run is `gradientSession.ts`'s business. */
import type { TrainableGraph } from '../trainableGraph.ts'

export interface GradientGraph extends Pick<
  TrainableGraph,
  'trainables' | 'dim' | 'features' | 'featureShape' | 'labels' | 'losses' | 'classes'
> {
  /** The serialized ONNX model. Inputs as the trainable graph's; outputs: losses, then one gradient for each trainable. */
  readonly bytes: Uint8Array
  /**
   * Output for each trainable, in their order: ∂(mean of the losses over all rows)/∂trainable, float32 in the trainable's shape; 0
   * where the loss does not depend on it.
   */
  readonly gradients: readonly string[]
}

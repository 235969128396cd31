/**
 * An ONNX model that computes losses and their true gradient. `differentiate.ts` makes it; a
 * `GradientSession` runs it.
 */
import type { TrainableGraph } from './trainableGraph.ts'
import type { Gradients } from '../onnx/index.ts'

export interface GradientGraph
  extends
    Gradients,
    Pick<
      TrainableGraph,
      'trainables' | 'dim' | 'features' | 'featureShape' | 'labels' | 'losses' | 'classes'
    > {}

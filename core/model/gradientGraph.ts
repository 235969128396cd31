/**
 * An ONNX model that computes losses and their true gradient. Made by `differentiate.ts`; how it is
 * run is `gradientSession.ts`'s business.
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

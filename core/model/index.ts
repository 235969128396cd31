export { buildModel, type BuiltInModel, type BuiltInModelOptions } from './build.ts'
export {
  ROWS_PER_RUN,
  createClassificationObjective,
  type ClassificationOptions,
} from './classification.ts'
export type { BatchAddress, Evaluation, Objective } from './objective.ts'
export { promoteModel, type PromoteOptions } from './promote.ts'
export { createQuadraticObjective } from './quadratic.ts'
export type { LossSession, OpenSession } from './session.ts'
export { quadraticSpectrum } from './spectrum.ts'
export type { Trainable, TrainableGraph } from './trainableGraph.ts'

export { centralDifference, type Estimator, type Probe } from './estimator.ts'
export type { TensorShape } from './groups.ts'
export { orthogonalScalars } from './orthogonal.ts'
export {
  changePlan,
  createMethod,
  movesVectors,
  needsGradient,
  type Method,
  type MethodPlan,
} from './registry.ts'
export type { ScalarMethod } from './scalarMethod.ts'
export { sampleSlopes, type SubspaceCurvature } from './subspaceCurvature.ts'
export {
  controlChange,
  trainingVectors,
  trainLocally,
  unpack,
  type Anchors,
  type TrainingVectors,
  type VectorMethod,
} from './vector/index.ts'

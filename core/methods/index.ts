export {
  flat,
  squaredAggregate,
  type Curvature,
  type Observation,
  type ParameterSpace,
} from './curvature.ts'
export { isotropic, whitened, type Direction } from './direction.ts'
export {
  centralDifference,
  forwardDifference,
  secondDifference,
  type Estimator,
  type Probe,
} from './estimator.ts'
export { groupStarts, type TensorShape } from './groups.ts'
export { orthogonalScalars } from './orthogonal.ts'
export { pooled } from './pooledCurvature.ts'
export { changeMethod, createMethod, movesVectors, needsGradient, type Method } from './registry.ts'
export { scheduleFactor } from './schedule.ts'
export type { Pieces, ScalarMethod } from './scalarMethod.ts'
export { explicitStep, implicitStep, type Step } from './step.ts'
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

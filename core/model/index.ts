export { alignClasses, type ClassAlignment } from './alignClasses.ts'
export { checkBatching } from './batchCheck.ts'
export { blockConvolutions } from './blockedGraph.ts'
export { buildModel } from './build.ts'
export {
  ROWS_PER_RUN,
  createClassificationObjective,
  type ClassificationOptions,
} from './classification.ts'
export type { DeviceMemory, DeviceVector, Residency } from './deviceMemory.ts'
export { exportTrained } from './exportModel.ts'
export { layoutNotices } from './sampleLayout.ts'
export { inspectModel, type ModelSummary, type ValueSummary } from './inspect.ts'
export {
  addEvaluations,
  type BatchAddress,
  type Evaluation,
  type GroupedMeasure,
  meanLoss,
  type LossMeasure,
  type Objective,
  type SampleLosses,
} from './objective.ts'
export { CLASSES_KEY } from './classNames.ts'
export { promoteModel } from './promote.ts'
export { createQuadraticObjective } from './quadratic.ts'
export type { LossSession } from './session.ts'
export { quadraticSpectrum } from './spectrum.ts'
export type { Packing, Trainable, TrainableGraph } from './trainableGraph.ts'
export {
  copyGraph,
  descendGraph,
  perturbGraph,
  productFeeds,
  productGraph,
  RESULT,
  tensorOf,
} from './vectorGraphs.ts'
export { createDifferentiableClassification, isDifferentiable } from './differentiableObjective.ts'
export type { GradientGraph } from './gradientGraph.ts'
export type { GradientSession, OpenGradientSession } from './gradientSession.ts'
export type { Decoder, WeightRole } from './language/decoder.ts'
export type {
  GraphRunner,
  NamedTensor,
  NamedTensors,
  WantedOutputs,
} from './language/graphRunner.ts'
export type { DecoderInputs, LanguageGraph, ResidentTensors } from './language/languageGraph.ts'
export {
  createDifferentiableLanguage,
  sharesOf,
  type DifferentiableLanguageOptions,
} from './language/differentiableLanguage.ts'
export { nextLogits, writeAnswers } from './language/generate.ts'
export type { ScoringSettings } from './language/scoreAnswers.ts'
export {
  createLanguageObjective,
  languagePassRows,
  type LanguageOptions,
} from './language/languageObjective.ts'
export { buildOpt, importDecoder } from './language/openDecoder.ts'
export { isEncoder } from './language/recogniseDecoder.ts'
export { isOptName, optShapes, type OptName, type OptShape } from './language/optShapes.ts'
export { planDecoder, trainDecoder, type TrainableSet } from './language/trainDecoder.ts'
export { checkFits, checkSequences } from './language/sequenceCheck.ts'
export { exportDecoder } from './language/exportDecoder.ts'
export { peftAdapter } from './language/peftAdapter.ts'
export { labelledRows, parameterFeeds, feedParams, tokenFeeds } from './language/tokenFeeds.ts'
export { groupProbes, type GroupedGraph } from './grouped/groupedGraph.ts'
export { groupFeeds, type LowRankPoint, type LowRankTerm } from './grouped/groupFeeds.ts'
export { writeOut } from './grouped/writeOut.ts'
export { runGroups, type OpenedGroups } from './grouped/openedGroups.ts'
export { lowRankLayout, type LowRankLayout, type LowRankPart } from './grouped/lowRankLayout.ts'

export type {
  WorkerGroup,
  EngineHost,
  OpenedWorker,
  Quarantine,
  WorkerReport,
} from './engineHost.ts'
export {
  curvatureDefaults,
  examineCurvature,
  type CurvatureAtRound,
  type CurvatureReport,
  type CurvatureSettings,
  type CurvatureWatch,
} from './lab/curvature.ts'
export { curvatureCsv } from './lab/curvatureCsv.ts'
export { Engine } from './engine.ts'
export { exportRun } from './after/exportRun.ts'
export type { HessianSnapshot } from './after/history.ts'
export type { InspectedMessage, Participation } from './after/inspect.ts'
export type { ScalarSpread } from './after/scalars.ts'
export type { RunEvent } from './protocol/event.ts'
export { downloadFromHub, type Downloaded, type DownloadRequest } from './before/hubDownload.ts'
export { locateTask } from './before/locateTask.ts'
export { openWorkers } from './play/openRun.ts'
export { openWorker, planWorker, planWorkers } from './play/openWorker.ts'
export { planOpt, type OptOutline, type OptPlan } from './before/planOpt.ts'
export { profileRound, type ProfileOptions, type RoundProfile } from './before/profileRound.ts'
export { inspectRound } from './after/inspect.ts'
export { exportModel, replayRun, type Replay } from './after/replay.ts'
export { Run, type RunListener } from './play/run.ts'
export type { TuningSettings } from './tune/planTuning.ts'
export {
  tune,
  type TriedCandidate,
  type TunedMethod,
  type Tuning,
  type TuningWatch,
} from './tune/tune.ts'
export type {
  DownloadName,
  EngineAnswer,
  EngineArgument,
  EngineEvent,
  EngineRequestName,
  EngineRequests,
  EventOfDownload,
  EventOfRun,
  ExportFormat,
  LiveHessian,
  MachineReport,
  MetricSeries,
  RunAction,
  RunDetail,
  LibraryListing,
  RunListing,
} from './protocol/protocol.ts'
export { rebuildMailedModel } from './after/mailedModel.ts'
export type { TrainedModel } from './after/trainedModel.ts'
export type { RebuildProgress } from './after/rebuildState.ts'
export {
  describeTrial,
  mainFieldOf,
  tryModel,
  type TrialSubject,
  type Trial,
  type TrialExample,
  type TrialForm,
} from './after/tryModel.ts'
export type { RebuiltFile, RunFileReport } from './after/runFileReport.ts'
export type { RunEstimate, SplitPreview } from './before/preview.ts'
export type { DrawnDirection, RoundWalk, TensorSample, WalkedParticipant } from './protocol/walk.ts'
export type { MinibatchAddress, ShownMinibatch } from '../tasks/index.ts'
export type { WalkFigure, WalkPicture, WalkStep } from '../walk/index.ts'
export {
  answerQuestion,
  buildsModels,
  inQuarantine,
  type Question,
  type QuestionAnswer,
  type QuestionName,
  type ReaderLimits,
  type ReaderMessage,
  type ReaderRequest,
} from './quarantine.ts'

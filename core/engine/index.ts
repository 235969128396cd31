export type {
  Company,
  EngineHost,
  OpenedSession,
  OpenedWorker,
  WorkerReport,
} from './engineHost.ts'
export {
  curvatureDefaults,
  examineCurvature,
  type CurvatureAtRound,
  type CurvatureReport,
  type CurvatureSettings,
  type CurvatureWatch,
} from './curvature.ts'
export { curvatureCsv } from './curvatureCsv.ts'
export { Engine, exportRun } from './engine.ts'
export type { RunEvent } from './event.ts'
export { downloadFromHub, type Downloaded, type DownloadRequest } from './hubDownload.ts'
export { locateTask } from './locateTask.ts'
export { openWorkers } from './openRun.ts'
export { openWorker, planWorker, planWorkers } from './openWorker.ts'
export { planOpt, type OptOutline, type OptPlan } from './planOpt.ts'
export { profileRound, type ProfileOptions, type RoundProfile } from './profileRound.ts'
export { exportModel, replayRun, type Replay } from './replay.ts'
export { Run, type RunListener } from './run.ts'
export { openGraph, openTask, type OpenedTask } from './task.ts'
export { locateDecoder, openLanguageData } from './languageTask.ts'
export { splitOf } from './taskSplit.ts'
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
  HessianSnapshot,
  InspectedMessage,
  LiveHessian,
  MachineReport,
  MetricSeries,
  ModelPreview,
  Participation,
  RunAction,
  RunDetail,
  RunEstimate,
  RunListing,
  ScalarSpread,
  SplitPreview,
} from './protocol.ts'
export type { ModelFiles, ModelForm } from './baseModel.ts'
export { rebuildMailedModel } from './mailedModel.ts'
export type { TrainedModel } from './trainedModel.ts'
export type { RebuildProgress } from './rebuildState.ts'
export {
  describeTrial,
  mainFieldOf,
  tryModel,
  type Asked,
  type Trial,
  type TrialExample,
  type TrialForm,
} from './tryModel.ts'
export type { BundledLanguage } from './bundledLanguage.ts'
export type { DecoderPart, DecoderPreview } from './decoderPreview.ts'
export type { RebuiltFile, RunFileReport } from './runFileReport.ts'
export { describeDecoder, type DecoderDescription, type DescribedSet } from './describeDecoder.ts'
export { previewText } from './textPreview.ts'
export type { FieldProblem, TemplatePreview, TextExample, TextPreview } from './textPreview.ts'

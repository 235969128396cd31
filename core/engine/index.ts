export type {
  AnswerViews,
  ViewsPace,
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
  type CurvatureWork,
} from './lab/curvature.ts'
export { curvatureCsv } from './lab/curvatureCsv.ts'
export { Engine } from './engine.ts'
export { Cancellation } from '../hub/index.ts'
export { exportRun } from './after/exportRun.ts'
export { verifyState } from './after/replay.ts'
export { readHessian, type HessianSnapshot } from './after/history.ts'
export type { InspectedMessage, Participation } from './after/inspect.ts'
export { ScalarReader, type ScalarSpread } from './after/scalars.ts'
export type { RunEvent } from './protocol/event.ts'
export { checkDeployable, deploymentOf } from './deploy/deployment.ts'
export type { ClientSeat, OwnPlaces } from './deploy/clientSeat.ts'
export { JoinedClients } from './deploy/joinedClients.ts'
export { Membership, type JoinedFederation } from './deploy/membership.ts'
export type { Welcome } from './deploy/messages.ts'
export { openSeat } from './deploy/openSeat.ts'
export { checkClientName, Roster } from './deploy/roster.ts'
export { inviteTo, servedBefore, serveRun, type ServeSettings } from './deploy/serveRun.ts'
export type { FederationEvents, FederationWays, Invitations } from './deploy/ways.ts'
export { downloadFromHub } from './before/hubDownload.ts'
export type { Downloaded, DownloadRequest } from './protocol/download.ts'
export type {
  Cluster,
  ClusterEvents,
  FilePart,
  OpenCluster,
  WorkerLink,
} from './cluster/cluster.ts'
export type { MachineStatus } from './cluster/crew.ts'
export { mirrorFiles, type FileManifest, type ManifestEntry } from './cluster/fileManifest.ts'
export { WorkerService, type OpenOrder } from './cluster/workerService.ts'
export { locateName, locateTask } from './before/locateTask.ts'
export { openWorkers } from './play/openWorkers.ts'
export { openWorker, planWorker, planWorkers } from './play/openWorker.ts'
export { planOpt, type OptForm, type OptOutline, type OptPlan } from './before/planOpt.ts'
export type { RecognisedFile } from './before/recogniseFile.ts'
export { profileRound, type RoundProfile } from './before/profileRound.ts'
export type { Attendee, Attendees } from './after/attendees.ts'
export type { CatchUpCost } from './after/catchUpCost.ts'
export type { ParticipantFate, RoundTimeline, TimelineRow } from './after/timeline.ts'
export { inspectRound, readParticipation } from './after/inspect.ts'
export {
  sweptKeys,
  tidyColumns,
  tidyParts,
  tidyRows,
  type TidyPart,
  type TidyRow,
} from './after/tidyTable.ts'
export { eventFileName, openingEvents, roundEvent, runEvents } from './after/runEvents.ts'
export { replayRun } from './after/replay.ts'
export { Run, type LiveSetting } from './play/run.ts'
export { extendRun, forkedRun } from './play/reuse.ts'
export { tune, type TriedCandidate, type TunedMethod, type Tuning } from './tune/tune.ts'
export type {
  DownloadName,
  EngineAnswer,
  EngineArgument,
  EngineEvent,
  EngineRequestName,
  EventOfRun,
  ExportFormat,
  LibraryListing,
  MachineReport,
  MetricSeries,
  RunAction,
  RunDetail,
  RunListing,
  TuningRequest,
} from './protocol/protocol.ts'
export { rebuildMailedModel } from './after/mailedModel.ts'
export type { RebuildProgress } from './after/rebuildState.ts'
export {
  mainFieldOf,
  tryModel,
  type TrialSubject,
  type Trial,
  type TrialExample,
  type TrialForm,
} from './after/tryModel.ts'
export type { RebuiltFile, RunFileReport } from './after/runFileReport.ts'
export type { RunEstimate, SplitPreview } from './before/preview.ts'
export type { PictureForm, PictureTrial } from './protocol/picture.ts'
export type { PlaneTrace } from './protocol/plane.ts'
export type { SliceAxes, SlicePath, SliceTrace } from './protocol/slice.ts'
export type { DrawnDirection, RoundWalk } from './protocol/walk.ts'
export type { ShownMinibatch } from '../tasks/index.ts'
export type { WalkFigure, WalkStep } from '../walk/index.ts'
export {
  answerQuestion,
  buildsModels,
  inQuarantine,
  type QuestionName,
  type ReaderLimits,
  type ReaderMessage,
  type ReaderRequest,
} from './quarantine.ts'
export { answerViews } from './views.ts'

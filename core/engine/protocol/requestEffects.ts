/**
 * What each request does besides answering: a face knows from it which requests it may send again
 * when the engine died before it could answer. A value without imports, so that any face can take
 * it.
 */
import type { EngineRequestName } from './protocol.ts'

/**
 * reads: changes nothing. repeatable: changes something, and twice is as once. acts: twice is not
 * as once.
 */
export type RequestEffect = 'reads' | 'repeatable' | 'acts'

export const requestEffects: { readonly [Name in EngineRequestName]: RequestEffect } = {
  describeMachine: 'reads',
  previewDataset: 'reads',
  recogniseFile: 'reads',
  previewSplit: 'reads',
  previewModel: 'reads',
  previewText: 'reads',
  listBundledLanguage: 'reads',
  estimateRun: 'reads',
  startRun: 'acts',
  resumeRun: 'acts',
  inviteClients: 'acts',
  serveRun: 'acts',
  extendRun: 'acts',
  forkRun: 'acts',
  controlRun: 'acts',
  changeSetting: 'acts',
  tune: 'repeatable',
  readTuning: 'reads',
  cancelTuning: 'repeatable',
  recallRuns: 'reads',
  listRuns: 'reads',
  readRun: 'reads',
  annotateRun: 'repeatable',
  forgetRun: 'repeatable',
  inspectRound: 'reads',
  readWalk: 'reads',
  readDirection: 'reads',
  readMinibatch: 'reads',
  tracePlane: 'reads',
  traceSlice: 'repeatable',
  cancelSlice: 'repeatable',
  readScalars: 'reads',
  readHessian: 'reads',
  readLiveHessian: 'reads',
  readParticipation: 'reads',
  readAttendees: 'reads',
  readTimeline: 'reads',
  readCatchUpCost: 'reads',
  examineCurvature: 'repeatable',
  cancelCurvature: 'repeatable',
  exportCurvature: 'reads',
  importRun: 'acts',
  importLessonRuns: 'acts',
  exportRun: 'reads',
  describeTrial: 'reads',
  tryModel: 'reads',
  describePicture: 'reads',
  tryPicture: 'reads',
  describeRunFile: 'reads',
  rebuildModel: 'reads',
  downloadFromHub: 'repeatable',
  cancelDownload: 'repeatable',
}

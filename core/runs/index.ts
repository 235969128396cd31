export { attendanceOf, readAttendanceFile } from './attendanceFile.ts'
export {
  listLibrary,
  newRunFolder,
  slugOf,
  type LibraryMemory,
  type LibraryProgress,
  type ListedRun,
  type RunProblem,
} from './library.ts'
export { recallLibrary, unpackRecalled, type RecalledLibrary } from './libraryIndex.ts'
export { LibraryReader } from './libraryReader.ts'
export { notesFile, readNotes, writeNotes, type RunNotes } from './notes.ts'
export { bestOf, reach, type Target, type TargetMetric } from './compare.ts'
export {
  compareRuns,
  hardestTarget,
  type ComparedRun,
  type Comparison,
  type ComparisonLine,
} from './comparison.ts'
export { configDifferences, flattenConfig } from './configDifference.ts'
export { ConfigValues, type ConfigValue } from './configValues.ts'
export {
  groupCurves,
  summarize,
  type Curve,
  type GroupCurve,
  type SampleSummary,
} from './groupStatistics.ts'
export {
  formatMetrics,
  formatRow,
  metricColumns,
  qualityColumns,
  qualityTitles,
  readMetrics,
  type MetricColumn,
  type MetricsRow,
  type Quality,
  type QualityColumn,
} from './metrics.ts'
export { pairedRatio } from './pairedRatio.ts'
export { tellingTarget } from './tellingTarget.ts'
export { histogramRecord, scalarRecord, textRecord, versionRecord } from './eventFile.ts'
export { configFingerprint } from './configFingerprint.ts'
export { checkShared, forkRun } from './forkRun.ts'
export { messagesOf } from './messages.ts'
export {
  checkIsWhole,
  readRun,
  readDim,
  readRunConfig,
  readStoredModel,
  readWholeRun,
  type StoredModel,
  type StoredRun,
} from './readRun.ts'
export { changeablePaths, configAt, plannedRounds, withRounds } from './changedConfig.ts'
export { openLog, openReplies, readReplies, RunFrames, type RoundReader } from './roundReader.ts'
export { packRun, readPackedModel, unpackRun, type PackedModel } from './runFile.ts'
export { nameRuns, settingsApart, type NamedRun } from './runNames.ts'
export { attendanceFile, rosterFile, runFiles } from './runFiles.ts'
export { RunWriter, type ReopenedRun } from './runWriter.ts'
export { seenStatus, type SeenStatus } from './seenStatus.ts'
export { packRows, unpackRows } from './rowPacking.ts'
export { runFormat, type RunRecord, type RunStatus } from './record.ts'
export {
  bestInColumns,
  costsOf,
  groupReach,
  lastInColumn,
  type Columns,
  type GroupReached,
  type ReachingRun,
  type TargetCost,
} from './seriesTargets.ts'

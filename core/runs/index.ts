export {
  listLibrary,
  newRunFolder,
  readNotes,
  writeNotes,
  type ListedRun,
  type RunNotes,
} from './library.ts'
export {
  bestOf,
  commonTarget,
  reach,
  type Reached,
  type Target,
  type TargetMetric,
} from './compare.ts'
export {
  formatRow,
  metricColumns,
  metricsHeader,
  readMetrics,
  type MetricColumn,
  type MetricsRow,
} from './metrics.ts'
export { runFormat, type RunRecord, type RunStatus } from './record.ts'
export {
  messagesOf,
  readRecord,
  readReplies,
  readRun,
  runFiles,
  RunWriter,
  type StoredRun,
} from './runFolder.ts'

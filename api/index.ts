/**
 * The engine for those who import it: `import { run } from 'hiso-studio/engine'`. Plays, resumes,
 * replays, inspects and compares runs; the documentation is docs/use-from-code.md, which a test
 * runs. What is not exported here may change with any version.
 */
export { HisoError, type ErrorCode } from '../core/base/index.ts'
export type { MethodName, RunConfig, RunConfigInput } from '../core/config/index.ts'
export type { InspectedMessage, RunEvent } from '../core/engine/index.ts'
export type {
  Comparison,
  ComparisonLine,
  MetricsRow,
  RunRecord,
  RunStatus,
  Target,
  TargetMetric,
} from '../core/runs/index.ts'
export { compare, type CompareOptions } from './compare.ts'
export { inspect, type InspectedRun } from './inspect.ts'
export { replay, type ReplayedRun, type ReplayOptions } from './replay.ts'
export {
  resume,
  run,
  type PlayedRun,
  type PlayOptions,
  type ResumeOptions,
  type RunOptions,
} from './run.ts'

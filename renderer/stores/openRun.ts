/**
 * One run on screen, live or past: both are this. Fields are reactive; the series are plain typed
 * arrays behind a version that counts up once per frame.
 */
import { shallowReactive, type ShallowReactive } from 'vue'
import type { RunDetail } from '../../core/engine/index.ts'
import type { RunConfig } from '../../core/config/index.ts'
import type { MachineStatus, RunEvent } from '../../core/engine/index.ts'
import type { RunNotes, RunRecord } from '../../core/runs/index.ts'
import { RunSeries } from './runSeries.ts'
import type { RunColumns } from '../../figures/index.ts'

/** `loading`: asked for, not read yet. `interrupted`: its process died; it can be resumed. */
export type RunState =
  'loading' | 'running' | 'paused' | 'finished' | 'stopped' | 'failed' | 'interrupted'

export interface OpenRun {
  readonly folder: string
  config: RunConfig | undefined
  record: RunRecord | undefined
  notes: RunNotes
  state: RunState
  /** Rounds completed. */
  rounds: number
  workers: number | undefined
  /** The newest sentence of the engine about it. */
  notice: string | undefined
  /** Who works for it elsewhere. */
  machines: readonly MachineStatus[]
  /** Minibatches that this machine has done beside them. */
  ownBatches: number
  changes: readonly RunChange[]
  readonly series: RunSeries
  /**
   * Counts up when `series` has changed, at most once per frame. Depend on it, then call
   * `series.view()`.
   */
  version: number
  /** Waiting for the engine's answer to pause, step, continue or stop. */
  isAnswering: boolean
}

interface RunChange {
  readonly round: number
  readonly setting: string
  readonly value: number
}

export function createOpenRun(folder: string): ShallowReactive<OpenRun> {
  return shallowReactive({
    folder,
    config: undefined,
    record: undefined,
    notes: { tags: [], text: '' },
    state: 'loading',
    rounds: 0,
    workers: undefined,
    notice: undefined,
    machines: [],
    ownBatches: 0,
    changes: [],
    series: new RunSeries(),
    version: 0,
    isAnswering: false,
  })
}

/** Takes over what was read from disk. Rounds that arrived live in the meantime are kept. */
export function applyDetail(run: OpenRun, detail: RunDetail): void {
  run.config = detail.config
  run.record = detail.record
  run.notes = detail.notes
  run.changes = detail.changes
  if (detail.series.round.length >= run.series.rounds) run.series.replace(detail.series)
  run.rounds = run.series.rounds
  if (!detail.isLive) run.state = endState(detail.record)
  else if (run.state === 'loading') run.state = 'running'
  run.version++
}

/**
 * @returns whether the series changed; `'gap'` where rounds are missing and the run must be read
 *   again
 */
export function applyEvent(run: OpenRun, event: RunEvent): boolean | 'gap' {
  switch (event.type) {
    case 'opened':
      run.config = event.config
      run.record = event.record
      run.workers = event.workers
      run.state = 'running'
      run.rounds = event.resumedAt
      run.series.truncate(event.resumedAt)
      return run.series.rounds < event.resumedAt ? 'gap' : true
    case 'startEvaluated':
      if (run.record !== undefined) run.record = { ...run.record, initial: event.initial }
      return true
    case 'roundCompleted':
      if (!run.series.append(event.row)) return 'gap'
      run.rounds = run.series.rounds
      // It was said of the time before this round.
      run.notice = undefined
      if (run.state === 'loading') run.state = 'running'
      return true
    case 'paused':
      run.state = 'paused'
      run.isAnswering = false
      return false
    case 'continued':
      run.state = 'running'
      run.isAnswering = false
      return false
    case 'settingChanged':
      run.changes = [
        ...run.changes,
        { round: event.fromRound, setting: event.setting, value: event.value },
      ]
      return false
    case 'curvatureProgressed':
    case 'sliceProgressed':
    case 'walkProgressed':
      return false
    case 'machinesReported':
      run.machines = event.machines
      run.ownBatches = event.ownBatches
      return false
    case 'noticed':
      run.notice = event.text
      return false
    case 'ended':
      run.record = event.record
      run.state = endState(event.record)
      // Its rows may still be on their way.
      run.rounds = Math.max(run.rounds, event.record.rounds)
      run.isAnswering = false
      return false
  }
}

/** What a run that no process plays is in. */
function endState(record: RunRecord): RunState {
  return record.status === 'running' ? 'interrupted' : record.status
}

export function isLive(run: OpenRun): boolean {
  return run.state === 'running' || run.state === 'paused'
}

/**
 * Milliseconds until the last round at the pace of the last rounds; undefined while there is too
 * little to say.
 */
export function timeLeft(run: OpenRun): number | undefined {
  const total = run.config?.federation.rounds
  const pace = paceAt(run.series.view(), run.series.length - 1)
  return total === undefined || pace === undefined
    ? undefined
    : Math.max(0, pace * (total - run.rounds))
}

/**
 * Rows and milliseconds over which the pace is taken, at least: over a blink it would jump, and the
 * time left with it.
 */
const paceRows = 50
const paceMs = 5000

/** Milliseconds per round over the rows up to one; undefined where there is only one. */
export function paceAt({ round, elapsedMs }: RunColumns, row: number): number | undefined {
  let first = Math.max(0, row - paceRows)
  while (first > 0 && elapsedMs[row]! - elapsedMs[first]! < paceMs) first--
  if (row <= first) return undefined
  return (elapsedMs[row]! - elapsedMs[first]!) / (round[row]! - round[first]!)
}

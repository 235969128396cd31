/**
 * The events of a run: plain data, which may cross threads and sockets. Names are in the past
 * tense.
 */
import type { RunConfig } from '../../config/index.ts'
import type { NetworkForecast } from '../../federation/index.ts'
import type { MachineStatus } from '../cluster/crew.ts'
import type { MetricsRow, RunRecord } from '../../runs/index.ts'
import type { Notice } from './notice.ts'

export type RunEvent =
  | {
      readonly type: 'opened'
      /** The run's folder. */
      readonly folder: string
      readonly config: RunConfig
      readonly record: RunRecord
      /** Rounds that were complete when the run was resumed. */
      readonly resumedAt: number
      readonly workers: number
      /** What a round is to take on the simulated network; undefined without one. */
      readonly network?: NetworkForecast | undefined
    }
  /** What a pre-trained model can do before any round. */
  | { readonly type: 'startEvaluated'; readonly initial: NonNullable<RunRecord['initial']> }
  | { readonly type: 'roundCompleted'; readonly row: MetricsRow }
  | { readonly type: 'paused'; readonly rounds: number }
  | { readonly type: 'continued'; readonly rounds: number }
  | {
      readonly type: 'settingChanged'
      readonly setting: string
      readonly value: number
      readonly fromRound: number
    }
  /** The progress of the examination of its curvature, 0 to 1. */
  | { readonly type: 'curvatureProgressed'; readonly share: number }
  /** How much of the way to the round that a walk asked for is replayed, 0 to 1. */
  | { readonly type: 'walkProgressed'; readonly share: number }
  /** The progress of a slice through its loss, 0 to 1. */
  | { readonly type: 'sliceProgressed'; readonly share: number }
  /** Who works for the run elsewhere, about once a second. */
  | {
      readonly type: 'machinesReported'
      readonly machines: readonly MachineStatus[]
      /** Minibatches that the run's own machine has done. */
      readonly ownBatches: number
    }
  | ({ readonly type: 'noticed' } & Notice)
  /** The run has come to an orderly end: finished, stopped or failed. */
  | { readonly type: 'ended'; readonly record: RunRecord }

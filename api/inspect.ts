/** What a run folder holds. */
import { resolve } from 'node:path'
import type { RunConfig } from '../core/config/index.ts'
import { inspectRound, type InspectedMessage } from '../core/engine/index.ts'
import { readRun, type MetricsRow, type RunRecord } from '../core/runs/index.ts'
import { thisMachine } from './host.ts'

export interface InspectedRun {
  /** Absolute. */
  readonly folder: string
  readonly config: RunConfig
  readonly record: RunRecord
  /** One row of metrics per round. */
  readonly rows: readonly MetricsRow[]
  /** What was repaired or left out on reading, for people. */
  readonly notices: readonly string[]
  /**
   * The messages of a round, as they crossed the wire: assignments, catch-up, replies.
   * @param round from 0
   */
  messages(round: number): Promise<readonly InspectedMessage[]>
}

/**
 * Reads a run without taking it, also while it is being written.
 * @throws HisoError RUN_NOT_FOUND, RUN_CORRUPT, RUN_NEWER
 */
export async function inspect(folder: string): Promise<InspectedRun> {
  const host = thisMachine()
  const { path, config, record, rows, notices } = await readRun(host, resolve(folder))
  return {
    folder: path,
    config,
    record,
    rows,
    notices,
    messages: (round) => inspectRound(host, path, round),
  }
}

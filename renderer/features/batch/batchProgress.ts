/** How far a batch is, and how long it will take yet: from what its runs really took. */
import type { RunConfig } from '../../../core/config/index.ts'
import { costKey } from './batchForecast.ts'

export interface BatchedRun {
  readonly config: RunConfig
  /** Rounds that were played. */
  readonly rounds: number
  /** What they took. */
  readonly elapsedMs: number
  /** Whether it plays no more, unless somebody resumes it. */
  readonly isOver: boolean
  /** Whether it was stopped: its other rounds are still to be had. */
  readonly isStopped: boolean
}

export interface BatchProgress {
  /** Of all rounds that the runs have or may yet play, those that were played. */
  readonly share: number
  /** Undefined before anything was played, and when nothing is left. */
  readonly msLeft: number | undefined
}

/** @param atOnce runs side by side */
export function progressOf(runs: readonly BatchedRun[], atOnce: number): BatchProgress {
  const paces = new Map<string, { rounds: number; ms: number }>()
  const all = { rounds: 0, ms: 0 }
  let total = 0
  let done = 0
  for (const { config, rounds, elapsedMs, isOver, isStopped } of runs) {
    total += isOver && !isStopped ? rounds : config.federation.rounds
    done += rounds
    if (rounds === 0) continue
    const own = paces.get(costKey(config)) ?? { rounds: 0, ms: 0 }
    paces.set(costKey(config), own)
    for (const pace of [own, all]) {
      pace.rounds += rounds
      pace.ms += elapsedMs
    }
  }
  const share = total === 0 ? 1 : done / total
  const left = runs.filter(({ isOver }) => !isOver)
  if (left.length === 0 || all.rounds === 0) return { share, msLeft: undefined }
  const ms = left.map(({ config, rounds }) => {
    const pace = paces.get(costKey(config)) ?? all
    return Math.max(0, config.federation.rounds - rounds) * (pace.ms / pace.rounds)
  })
  const sum = ms.reduce((a, b) => a + b, 0)
  // The longest of those that are left is not shared.
  return { share, msLeft: Math.max(sum / Math.min(atOnce, left.length), ...ms) }
}

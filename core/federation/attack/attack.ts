/**
 * Pieces: what attackers send. They know everything (all honest rows of the round, the aggregator's
 * kind), but answer only for the clients that they own. Where a paper's attacker knows less, this
 * one is stronger.
 */
import type { RandomStream } from '../../random/index.ts'

export interface AttackScene {
  /** The honest rows of all who answer, float32[n] each, by ascending client. */
  readonly rows: readonly Float32Array[]
  /** The indices of the attackers' rows, ascending; at least one. */
  readonly attackers: readonly number[]
  /** The random numbers of one attacker in this round. */
  streamOf(row: number): RandomStream
}

export interface Attack {
  /** @returns one row for each attacker, in their order */
  forge(scene: AttackScene): readonly Float32Array[]
}

/** The rows of clients that do not attack; all rows if every client attacks. */
export function honestRows({ rows, attackers }: AttackScene): readonly Float32Array[] {
  const honest = rows.filter((_, index) => !attackers.includes(index))
  return honest.length === 0 ? rows : honest
}

/** The mean of rows at one coordinate, in float64. */
export function meanAt(rows: readonly Float32Array[], index: number): number {
  return rows.reduce((sum, row) => sum + row[index]!, 0) / rows.length
}

/** What catching up costs in a run: a round to replay, or a snapshot in place of all of them. */
import type { Host } from '../../base/index.ts'
import type { FederationSettings } from '../../config/index.ts'
import { snapshotShape } from '../../federation/index.ts'
import { movesVectors } from '../../methods/index.ts'
import { openLog, readDim, readRunConfig } from '../../runs/index.ts'
import { snapshotFrameBytes } from '../../wire/index.ts'

export interface CatchUpCost {
  /** What the run sends. */
  readonly catchUp: FederationSettings['catchUp']
  /** Of the round's entry in the log, with the settings that were changed before it. */
  readonly entryBytes: number
  /** Of the state before the round; undefined where it fits into no snapshot. */
  readonly snapshotBytes: number | undefined
}

/** @returns undefined where nobody catches up, and for a round that is not there yet */
export async function readCatchUpCost(
  host: Host,
  folder: string,
  round: number,
): Promise<CatchUpCost | undefined> {
  const config = await readRunConfig(host, folder)
  if (movesVectors(config.method)) return undefined
  let entryBytes = 0
  for await (const frame of openLog(host, folder).frames(round, round + 1))
    entryBytes += frame.length
  if (entryBytes === 0) return undefined
  const shape = snapshotShape(config, await readDim(host, folder))
  const { catchUp } = config.federation
  return { catchUp, entryBytes, snapshotBytes: shape && snapshotFrameBytes(round, shape, 0) }
}

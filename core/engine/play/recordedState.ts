/** Checks that a resumed run reaches the state that it recorded at its last orderly end. */
import { HisoError } from '../../base/index.ts'
import type { WorkerPool } from '../../federation/index.ts'
import type { RunRecord } from '../../runs/index.ts'

/**
 * Compares the workers' state with the recorded one, where they stand at the round that it was
 * recorded after.
 * @throws HisoError RUN_CHANGED
 */
export async function checkRecordedState(
  { rounds, stateHash }: Pick<RunRecord, 'rounds' | 'stateHash'>,
  pool: WorkerPool,
  roundsDone: number,
  folder: string,
): Promise<void> {
  if (stateHash === undefined || rounds !== roundsDone) return
  const own = await pool.first((worker) => worker.stateHash())
  if (own === stateHash) return
  throw new HisoError('RUN_CHANGED', {
    where: folder,
    what: `after ${rounds} rounds the log gives the state ${own.slice(0, 12)}…, and the run recorded ${stateHash.slice(0, 12)}…: its config, its log and its record are not of one run`,
    remedy: 'Put back the file that belongs to this run, or start a new run',
  })
}

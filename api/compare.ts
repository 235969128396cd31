/** What several runs needed to reach the same target. */
import { basename, resolve } from 'node:path'
import { HisoError } from '../core/base/index.ts'
import {
  compareRuns,
  hardestTarget,
  readWholeRun,
  type Comparison,
  type Target,
} from '../core/runs/index.ts'
import { thisMachine } from './host.ts'

export interface CompareOptions {
  /** Left out, the hardest target that all of the runs reached. */
  readonly target?: Target
}

/**
 * Rounds, bytes and time of each run until the target, and how many times cheaper than the first.
 * @throws HisoError RUN_UNFINISHED where the runs have no metric in common; RUN_… of each
 */
export async function compare(
  folders: readonly string[],
  { target }: CompareOptions = {},
): Promise<Comparison> {
  const runs = await Promise.all(
    folders.map(async (folder) => {
      const { path, config, record, rows } = await readWholeRun(thisMachine(), resolve(folder))
      const failed = record.status === 'failed' ? { status: 'failed' as const } : {}
      return { name: basename(path), method: config.method.name, rows, ...failed }
    }),
  )
  const common = target ?? hardestTarget(runs)
  if (common === undefined)
    throw new HisoError('RUN_UNFINISHED', {
      where: folders.join(', '),
      what: 'there is no metric that all of these runs have measured yet',
      remedy: 'Let each run reach its first evaluation',
    })
  return compareRuns(runs, common)
}

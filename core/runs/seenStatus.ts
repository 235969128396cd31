/** What became of a run, as people see it: a running one whose process is gone was interrupted. */
import type { Files } from '../base/index.ts'
import type { RunRecord } from './record.ts'

export type SeenStatus = RunRecord['status'] | 'interrupted'

export async function seenStatus(
  files: Files,
  folder: string,
  { status }: RunRecord,
): Promise<SeenStatus> {
  return status === 'running' && !(await files.isTaken(folder)) ? 'interrupted' : status
}

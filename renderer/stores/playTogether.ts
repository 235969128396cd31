import type { RunConfig } from '../../core/config/index.ts'
import { useQueue } from './queue.ts'
import { useWorkspace } from './workspace.ts'

/** Plays configs side by side, and shows them in Compare from the start. */
export async function playTogether(configs: readonly RunConfig[]): Promise<void> {
  const workspace = useWorkspace()
  workspace.show('compare')
  workspace.compare(await useQueue().playTogether(configs))
}

import type { RunConfig } from '../../core/config/index.ts'
import { useQueue } from './queue.ts'
import { useWorkspace } from './workspace.ts'

/**
 * Plays configs side by side, and shows them in Compare from the start.
 * @returns whether any has begun
 */
export async function playTogether(configs: readonly RunConfig[]): Promise<boolean> {
  const workspace = useWorkspace()
  // What was compared before is not what begins now.
  workspace.compare([])
  const folders = await useQueue().playTogether(configs)
  workspace.compare(folders)
  workspace.currentFolder = folders[0] ?? workspace.currentFolder
  return folders.length > 0
}

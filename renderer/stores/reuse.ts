/** What can be made of a run that there is: entries of a menu, and what they do. */
import { GitFork, History, Repeat, SlidersHorizontal } from '@lucide/vue'
import type { MenuEntry } from '../components/Menu.vue'
import { useDraft } from './draft.ts'
import { useNotices } from './notices.ts'
import { nameOf } from './runNames.ts'
import { useRuns } from './runs.ts'
import { useWorkspace, type Reuse } from './workspace.ts'

export const reuseEntries: readonly MenuEntry[] = [
  { id: 'configure', label: 'Configure from this run', icon: SlidersHorizontal },
  { id: 'again', label: 'Run again with…', icon: Repeat },
  { id: 'extend', label: 'Continue for more rounds…', icon: History },
  { id: 'fork', label: 'Fork at a round…', icon: GitFork },
]

export function useReuse() {
  const draft = useDraft()
  const runs = useRuns()
  const workspace = useWorkspace()
  const notices = useNotices()

  /** Puts a run's config into the form, which then compares with it. */
  async function configureFrom(folder: string): Promise<void> {
    try {
      const run = await runs.load(folder)
      if (run.config === undefined) return
      draft.begin({ kind: 'run', name: folder, title: nameOf(run), config: run.config })
      workspace.show('configure')
    } catch (thrown) {
      notices.fail('The run could not be opened', thrown)
    }
  }

  /** @param id of an entry of the menu */
  async function choose(folder: string, id: string): Promise<void> {
    if (id === 'configure') await configureFrom(folder)
    else await workspace.askToReuse({ folder, kind: id as Reuse['kind'] })
  }

  return { choose, configureFrom }
}

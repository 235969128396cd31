/** What can be made of a run that there is: entries of a menu, and what they do. */
import { GitFork, History, Quote, Repeat, SlidersHorizontal } from '@lucide/vue'
import { ref } from 'vue'
import type { MenuEntry } from '../components/Menu.vue'
import { citeRun } from './cite.ts'
import { useDraft } from './draft.ts'
import { useNotices } from './notices.ts'
import { nameOf } from './runNames.ts'
import { useRuns } from './runs.ts'
import { useWorkspace, type Reuse, type ViewName } from './workspace.ts'

export const reuseEntries: readonly MenuEntry[] = [
  { id: 'configure', label: 'Configure from this run', icon: SlidersHorizontal },
  { id: 'again', label: 'Run again with…', icon: Repeat },
  { id: 'extend', label: 'Continue for more rounds…', icon: History },
  { id: 'fork', label: 'Fork at a round…', icon: GitFork },
  { id: 'cite', label: 'Cite (copy BibTeX)', icon: Quote },
]

/** What a run that is dragged carries: its folder. */
const draggedRun = 'application/x-hiso-run'

/** A run is on its way to a view's entry in the rail. */
export const isDragging = ref(false)

export function dragRun({ dataTransfer }: DragEvent, folder: string): void {
  if (dataTransfer === null) return
  dataTransfer.setData(draggedRun, folder)
  dataTransfer.effectAllowed = 'copy'
  isDragging.value = true
}

export const holdsRun = ({ dataTransfer }: DragEvent) =>
  dataTransfer?.types.includes(draggedRun) === true

/** @returns the folder of the run that was dropped */
export const droppedRun = ({ dataTransfer }: DragEvent) => dataTransfer!.getData(draggedRun)

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
      notices.show({ tone: 'info', title: `Configure holds the settings of ${nameOf(run)}` })
    } catch (thrown) {
      notices.fail('The run could not be opened', thrown)
    }
  }

  /** @param id of an entry of the menu */
  async function choose(folder: string, id: string): Promise<void> {
    if (id === 'configure') await configureFrom(folder)
    else if (id === 'cite') await citeRun(folder)
    else await workspace.askToReuse({ folder, kind: id as Reuse['kind'] })
  }

  /** What a run does when it is dropped on a view's entry in the rail; undefined takes none. */
  const drops: { readonly [View in ViewName]?: (folder: string) => unknown } = {
    configure: configureFrom,
    watch: (folder) => workspace.openRun(folder),
    wire: (folder) => workspace.openRun(folder, 'wire'),
    compare: (folder) => workspace.compare([...workspace.compared, folder]),
  }

  return { choose, drops }
}

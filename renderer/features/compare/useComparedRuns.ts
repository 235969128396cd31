/**
 * The runs that are compared: read where they are not open yet, with a version that rises when any
 * of them has news.
 */
import { computed, shallowRef, watch } from 'vue'
import { isLive } from '../../stores/openRun.ts'
import { nameOf } from '../../stores/runNames.ts'
import { useRuns } from '../../stores/runs.ts'
import { useEngine } from '../../stores/engine.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import type { ComparedRun } from '../../../figures/index.ts'

export function useComparedRuns() {
  const workspace = useWorkspace()
  const engine = useEngine()
  const open = useRuns()
  /** Folders that could not be read. */
  const missing = shallowRef<ReadonlySet<string>>(new Set())

  async function readAll(folders: readonly string[]): Promise<void> {
    const gone = new Set<string>()
    await Promise.all(
      folders.map((folder) =>
        open.load(folder).catch(() => {
          gone.add(folder)
        }),
      ),
    )
    missing.value = gone
  }
  watch(
    [() => workspace.compared, () => engine.isReady],
    ([folders, isReady]) => {
      if (isReady) void readAll(folders)
    },
    { immediate: true },
  )

  const runs = computed<ComparedRun[]>(() =>
    workspace.compared.flatMap((folder) => {
      const run = open.open.get(folder)
      return run?.config === undefined
        ? []
        : [{ folder, name: nameOf(run), config: run.config, state: run.state }]
    }),
  )
  /** How many are being read. */
  const unread = computed(() => workspace.compared.length - runs.value.length - missing.value.size)
  const version = computed(() =>
    workspace.compared.reduce((sum, folder) => sum + (open.open.get(folder)?.version ?? 0), 0),
  )
  const hasLive = computed(() =>
    workspace.compared.some((folder) => {
      const run = open.open.get(folder)
      return run !== undefined && isLive(run)
    }),
  )

  function columnsOf(folder: string) {
    return open.open.get(folder)?.series.view()
  }

  function remove(folders: readonly string[]): void {
    workspace.compared = workspace.compared.filter((folder) => !folders.includes(folder))
    if (workspace.baseline !== null && folders.includes(workspace.baseline))
      workspace.baseline = null
  }

  return { runs, unread, version, hasLive, missing, columnsOf, remove }
}

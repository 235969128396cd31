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

const readAtOnce = 8
/** Hundreds of runs come together, this often: with each of them all statistics are made anew. */
const arrivalMs = 1000

export function useComparedRuns() {
  const workspace = useWorkspace()
  const engine = useEngine()
  const open = useRuns()
  /** Folders that could not be read, and why. */
  const missing = shallowRef<ReadonlyMap<string, string>>(new Map())

  /** Folders whose runs have been read. */
  const arrived = shallowRef<ReadonlySet<string>>(new Set())

  async function readAll(folders: readonly string[]): Promise<void> {
    const gone = new Map<string, string>()
    const waiting = [...folders]
    const fresh: string[] = []
    let shownAt = performance.now()
    const show = () => {
      arrived.value = new Set([...arrived.value, ...fresh.splice(0)])
      shownAt = performance.now()
    }
    const readNext = async () => {
      for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
        if (folders !== workspace.compared) return
        try {
          await open.load(folder)
          fresh.push(folder)
          if (performance.now() - shownAt > arrivalMs) show()
        } catch (thrown) {
          gone.set(folder, thrown instanceof Error ? thrown.message : String(thrown))
        }
      }
    }
    await Promise.all(Array.from({ length: readAtOnce }, readNext))
    show()
    if (folders === workspace.compared) missing.value = gone
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
      const run = arrived.value.has(folder) ? open.open.get(folder) : undefined
      return run?.config === undefined
        ? []
        : [{ folder, name: nameOf(run), config: run.config, state: run.state }]
    }),
  )
  /** How many are being read. */
  const unread = computed(() => workspace.compared.length - runs.value.length - missing.value.size)
  const version = computed(() =>
    runs.value.reduce((sum, { folder }) => sum + (open.open.get(folder)?.version ?? 0), 0),
  )
  const hasLive = computed(() =>
    runs.value.some(({ folder }) => {
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

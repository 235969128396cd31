/** The library on screen: its rows, read anew when runs come and go, filtered and sorted. */
import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import type { LibraryProgress, RunNotes, RunProblem } from '../../../core/runs/index.ts'
import { useEngine } from '../../stores/engine.ts'
import { useNotices } from '../../stores/notices.ts'
import { enginePort, shellPort } from '../../stores/ports.ts'
import { remembered } from '../../stores/remembered.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSettings } from '../../stores/settings.ts'
import { libraryRow, type LibraryRow } from '../../library/libraryRow.ts'
import { parseFilter } from '../../library/runFilter.ts'
import { sortRows, type RunOrder } from '../../library/runOrder.ts'

export function useLibrary(isShown: Ref<boolean>) {
  const engine = useEngine()
  const settings = useSettings()
  const runs = useRuns()
  const notices = useNotices()
  const all = shallowRef<readonly LibraryRow[]>([])
  /** Folders that can't be shown as they are. */
  const problems = shallowRef<readonly RunProblem[]>([])
  const isRead = shallowRef(false)
  /** Of the first reading, which may take seconds. */
  const reading = shallowRef<LibraryProgress>()
  const filter = shallowRef('')
  const order = remembered<RunOrder>('runs.order', { key: 'created', isDescending: true })

  const keys = computed(() => {
    const found = new Set<string>()
    for (const { values } of all.value) for (const key of values.keys()) found.add(key)
    return found
  })
  const parsed = computed(() => parseFilter(filter.value, keys.value))
  const matching = computed(() => all.value.filter(parsed.value.matches))
  const rows = computed(() => sortRows(matching.value, order.value))
  const problem = computed(() => parsed.value.problem)

  let isReading = false
  let isAskedAgain = false

  /** Reads the library, once more afterwards if that is asked for in the meantime. */
  async function read(): Promise<void> {
    if (!engine.isReady || settings.library === '') return
    isAskedAgain = isReading
    if (isReading) return
    isReading = true
    try {
      const listing = await engine.request('listRuns', { library: settings.library })
      all.value = listing.runs.map(libraryRow)
      problems.value = listing.problems
      isRead.value = true
    } catch (thrown) {
      notices.fail('The library could not be read', thrown)
    } finally {
      isReading = false
    }
    if (isAskedAgain) await read()
  }

  function replace(folder: string, notes: RunNotes): void {
    all.value = all.value.map((row) =>
      row.folder === folder ? libraryRow({ ...row.listing, notes }) : row,
    )
  }

  async function annotate(row: LibraryRow, notes: RunNotes): Promise<void> {
    replace(row.folder, notes)
    await runs.annotate(row.folder, notes)
  }

  /** @returns whether they are gone */
  async function trash(folders: readonly string[]): Promise<boolean> {
    try {
      await shellPort().request('trash', [...folders])
    } catch (thrown) {
      notices.fail('The runs were not deleted', thrown)
      void read()
      return false
    }
    const gone = new Set(folders)
    all.value = all.value.filter(({ folder }) => !gone.has(folder))
    problems.value = problems.value.filter(({ folder }) => !gone.has(folder))
    for (const folder of folders) runs.forget(folder)
    return true
  }

  watch(
    [isShown, () => engine.isReady, () => settings.library, () => runs.live.length],
    () => {
      if (isShown.value) void read()
    },
    { immediate: true },
  )
  onScopeDispose(
    enginePort().listen((events) => {
      for (const told of events)
        if ('library' in told && told.library === settings.library) reading.value = told.reading
    }),
  )
  onScopeDispose(runs.onEnded(() => isShown.value && void read()))

  return {
    ...{ all, rows, problems, keys, filter, order, problem, isRead, reading },
    ...{ read, annotate, trash },
  }
}

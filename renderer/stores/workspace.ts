/**
 * Where a person is: the view, the run that is shown, the runs laid over each other, the open
 * dialogs. Features meet here and nowhere else.
 */
import { defineStore } from 'pinia'
import { computed, ref, watch } from 'vue'
import { useNotices } from './notices.ts'
import { isLive, type OpenRun } from './openRun.ts'
import { remembered } from './remembered.ts'
import { useLibrary } from './library.ts'
import { useRuns } from './runs.ts'

const viewNames = [
  'configure',
  'watch',
  'wire',
  'compare',
  'runs',
  'batch',
  'lab',
  'try',
  'walk',
  'lessons',
] as const
export type ViewName = (typeof viewNames)[number]
export type DialogName =
  | 'palette'
  | 'shortcuts'
  | 'settings'
  | 'presets'
  | 'export'
  | 'documentation'
  | 'hub'
  | 'mailedModel'
  | 'reuse'
  | 'serve'
  | 'link'

/**
 * Ended runs that no view shows are kept up to this number, the last that came: the header's menu
 * offers them.
 */
export const keptAtHand = 12

/** again: from its first round; extend: beyond its last; fork: from one of its rounds on. */
export interface Reuse {
  readonly folder: string
  readonly kind: 'again' | 'extend' | 'fork'
}

export const useWorkspace = defineStore('workspace', () => {
  const runs = useRuns()
  const view = remembered<ViewName>('view', 'configure')
  if (!viewNames.includes(view.value)) view.value = 'configure'
  /** The folder of the run that Watch and Wire show. */
  const currentFolder = ref<string>()
  const currentRun = computed<OpenRun | undefined>(() =>
    currentFolder.value === undefined ? undefined : runs.open.get(currentFolder.value),
  )
  /** Folders of the runs that are compared, in the order of their colours. */
  const compared = remembered<string[]>('compared', [])
  const baseline = remembered<string | null>('baseline', null)
  const dialog = ref<DialogName>()
  /** The run that the dialog 'reuse' is about, and what is to be done with it. */
  const reuse = ref<Reuse>()
  /** The round that the wire inspector shows, zero-based; undefined follows the newest. */
  const inspectedRound = ref<number>()
  /** The field of the form that asks for the focus, by path. */
  const focusedField = ref<string>()

  /**
   * Series of thousands of rounds would pile up behind a long batch; what is forgotten is read
   * again from its folder.
   */
  function forgetOld(): void {
    const shown = new Set([currentFolder.value, ...compared.value])
    const idle = [...runs.open.values()].filter(
      (run) => !isLive(run) && run.state !== 'loading' && !shown.has(run.folder),
    )
    for (const { folder } of idle.slice(0, -keptAtHand)) runs.forget(folder)
  }
  watch([() => runs.open.size, () => runs.live.length, currentFolder, compared], forgetOld)

  const library = useLibrary()
  const isSettled = ref(false)
  /** Whether the newest run may still come, after a start. */
  const isOpening = computed(() => currentRun.value === undefined && !isSettled.value)
  watch(
    () => library.wasTried,
    () => void showNewest().finally(() => (isSettled.value = true)),
  )

  // Where none is shown, one that begins is; after a deletion the newest that is left.
  watch(
    () => runs.live[0]?.folder,
    (folder) => {
      if (currentRun.value === undefined && folder !== undefined) currentFolder.value = folder
    },
  )
  watch(currentRun, (run, before) => {
    if (run !== undefined || before === undefined) return
    currentFolder.value = undefined
    void showNewest()
  })

  /** After a start the newest run is there, whatever view is shown. */
  async function showNewest(): Promise<void> {
    if (currentFolder.value !== undefined || library.listings.length === 0) return
    const { folder } = library.listings.reduce((newest, run) =>
      run.record.created > newest.record.created ? run : newest,
    )
    try {
      await runs.load(folder)
    } catch {
      // Nobody has asked for it: the library says what is wrong with it.
      return
    }
    currentFolder.value ??= folder
  }

  /** A dialog would lie over what is to be seen. */
  function show(next: ViewName): void {
    view.value = next
    dialog.value = undefined
  }

  /** Shows a run, live or past, reading it if need be. */
  async function openRun(folder: string, next: ViewName = 'watch'): Promise<void> {
    try {
      await runs.loadAnew(folder)
    } catch (thrown) {
      useNotices().fail('The run could not be opened', thrown)
      return
    }
    currentFolder.value = folder
    inspectedRound.value = undefined
    show(next)
  }

  function compare(folders: readonly string[]): void {
    compared.value = [...new Set(folders)]
    show('compare')
  }

  async function askToReuse(asked: Reuse): Promise<void> {
    if (runs.open.get(asked.folder)?.config === undefined)
      await runs.load(asked.folder).catch((thrown: unknown) => {
        useNotices().fail('The run could not be opened', thrown)
      })
    if (runs.open.get(asked.folder)?.config === undefined) return
    reuse.value = asked
    dialog.value = 'reuse'
  }

  function addToCompare(folder: string): void {
    if (!compared.value.includes(folder)) compared.value = [...compared.value, folder]
  }

  return {
    view,
    currentFolder,
    currentRun,
    isOpening,
    compared,
    baseline,
    dialog,
    reuse,
    inspectedRound,
    focusedField,
    show,
    openRun,
    compare,
    askToReuse,
    addToCompare,
  }
})

/** The library as it was read last: the runs on disk, and which of its folders can't be shown. */
import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { RunListing } from '../../core/engine/index.ts'
import type { LibraryProgress, RunNotes, RunProblem } from '../../core/runs/index.ts'
import { useEngine } from './engine.ts'
import { useNotices } from './notices.ts'
import { enginePort, shellPort } from './ports.ts'
import { useRunNames } from './runNames.ts'
import { useRuns } from './runs.ts'
import { useSettings } from './settings.ts'

export const useLibrary = defineStore('library', () => {
  const engine = useEngine()
  const settings = useSettings()
  const runs = useRuns()
  const names = useRunNames()
  const notices = useNotices()
  const listings = shallowRef<readonly RunListing[]>([])
  /** Folders that can't be shown as they are. */
  const problems = shallowRef<readonly RunProblem[]>([])
  const isRead = shallowRef(false)
  /** Whether the first reading has ended, well or not. */
  const wasTried = shallowRef(false)
  /** Of the first reading, which may take seconds. */
  const reading = shallowRef<LibraryProgress>()

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
      take(listing.runs)
      problems.value = listing.problems
      isRead.value = true
    } catch (thrown) {
      notices.fail('The library could not be read', thrown)
    } finally {
      isReading = false
      wasTried.value = true
    }
    if (isAskedAgain) await read()
  }

  function take(found: readonly RunListing[]): void {
    const there = new Set(found.map(({ folder }) => folder))
    const gone = listings.value.flatMap(({ folder }) => (there.has(folder) ? [] : folder))
    if (gone.length > 0) names.forget(gone)
    listings.value = found
    names.learn(
      found.map(({ folder, config, notes, record }) => ({
        key: folder,
        config,
        title: notes.title,
        created: Date.parse(record.created),
        forkedFrom: record.forkedFrom,
      })),
    )
  }

  async function annotate(folder: string, notes: RunNotes): Promise<void> {
    take(listings.value.map((own) => (own.folder === folder ? { ...own, notes } : own)))
    await runs.annotate(folder, notes)
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
    take(listings.value.filter(({ folder }) => !gone.has(folder)))
    problems.value = problems.value.filter(({ folder }) => !gone.has(folder))
    for (const folder of folders) {
      runs.forget(folder)
      void engine.request('forgetRun', { folder }).catch(() => {})
    }
    return true
  }

  // The names of runs and the newest of them are wanted from the start.
  watch([() => engine.isReady, () => settings.library], () => void read(), { immediate: true })
  enginePort().listen((events) => {
    for (const told of events)
      if ('library' in told && told.library === settings.library) reading.value = told.reading
  })

  return { listings, problems, isRead, wasTried, reading, read, annotate, trash }
})

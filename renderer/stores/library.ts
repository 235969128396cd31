/** The library as it was read last: the runs on disk, and which of its folders can't be shown. */
import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { LibraryListing, RunListing } from '../../core/engine/index.ts'
import {
  unpackRecalled,
  type LibraryProgress,
  type RunNotes,
  type RunProblem,
} from '../../core/runs/index.ts'
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
  /** Before it is, the list is what an index says, which may be out of date. */
  const isChecked = shallowRef(false)
  /** Of the first reading, which may take seconds. */
  const reading = shallowRef<LibraryProgress>()

  let isReading = false
  let isAskedAgain = false
  /** What the list is of. Undefined: of no reading alone. */
  let revision: string | undefined

  /** Reads the library, once more afterwards if that is asked for in the meantime. */
  async function read(): Promise<void> {
    if (!engine.isReady || settings.library === '') return
    isAskedAgain = isReading
    if (isReading) return
    isReading = true
    const of = { library: settings.library }
    try {
      if (!isRead.value) await recall(of.library)
      const known = revision
      const listing = await engine.request('listRuns', known === undefined ? of : { ...of, known })
      if (of.library === settings.library) accept(listing)
    } catch (thrown) {
      notices.fail('The library could not be read', thrown)
    } finally {
      isReading = false
      wasTried.value = true
    }
    if (isAskedAgain) await read()
  }

  /** Shows what the index says while the folders are looked at. */
  async function recall(of: string): Promise<void> {
    const recalled = await engine.request('recallRuns', { library: of })
    if (recalled === undefined || of !== settings.library) return
    const live = new Set(runs.live.map(({ folder }) => folder))
    try {
      take(unpackRecalled(recalled).map((run) => ({ ...run, isLive: live.has(run.folder) })))
    } catch {
      // Whoever wrote that index, it is never the truth: the folders are read.
      return
    }
    revision = recalled.revision
    isRead.value = true
  }

  function accept(listing: LibraryListing): void {
    take(runsAfter(listing))
    revision = listing.revision
    problems.value = listing.problems
    isRead.value = true
    isChecked.value = true
  }

  /** What has not changed stays the same object, and need not be made into a row again. */
  function runsAfter({ runs: found, gone }: LibraryListing): readonly RunListing[] {
    if (gone === undefined) return found
    if (found.length === 0 && gone.length === 0) return listings.value
    const all = new Map(listings.value.map((run) => [run.folder, run]))
    for (const folder of gone) all.delete(folder)
    for (const run of found) all.set(run.folder, run)
    return [...all.values()]
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

  /** @param changed notes by folder: of many runs at once they are named anew only once */
  async function annotate(changed: ReadonlyMap<string, RunNotes>): Promise<void> {
    revision = undefined
    take(
      listings.value.map((own) => {
        const notes = changed.get(own.folder)
        return notes === undefined ? own : { ...own, notes }
      }),
    )
    for (const [folder, notes] of changed) await runs.annotate(folder, notes)
  }

  /** @returns whether they are gone */
  async function trash(folders: readonly string[]): Promise<boolean> {
    revision = undefined
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

  // What is shown is never of another library.
  watch(
    () => settings.library,
    () => {
      take([])
      revision = undefined
      problems.value = []
      isRead.value = false
      isChecked.value = false
    },
  )
  // The names of runs and the newest of them are wanted from the start.
  watch([() => engine.isReady, () => settings.library], () => void read(), { immediate: true })
  enginePort().listen((events) => {
    for (const told of events)
      if ('library' in told && told.library === settings.library) reading.value = told.reading
  })

  return { listings, problems, isRead, isChecked, wasTried, reading, read, annotate, trash }
})

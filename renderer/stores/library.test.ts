/** The library over a fake engine: what is there after a start, and what its runs are called. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import type { RunListing } from '../../core/engine/index.ts'
import type { RecalledLibrary } from '../../core/runs/index.ts'
import { createFakeEngine, type FakeEngine } from '../testing/fakeEngine.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useEngine } from './engine.ts'
import { useLibrary } from './library.ts'
import { setPorts } from './ports.ts'
import { nameOf, useRunNames } from './runNames.ts'
import { useRuns } from './runs.ts'
import { useSettings } from './settings.ts'
import { useWorkspace } from './workspace.ts'

let engine: FakeEngine

beforeEach(async () => {
  engine = createFakeEngine({ roundMs: 0, pastRuns: 12 })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  useRuns().connect()
  await useSettings().load()
})

it('has the newest run on screen after a start, whatever view is shown', async () => {
  const workspace = useWorkspace()
  workspace.view = 'configure'
  expect(workspace.isOpening).toBe(true)
  engine.connect()
  await vi.waitFor(() => expect(workspace.currentRun).toBeDefined())
  const newest = [...engine.runs.values()].reduce((a, b) =>
    b.record.created > a.record.created ? b : a,
  )
  expect(workspace.currentFolder).toBe(newest.folder)
  expect(workspace.view).toBe('configure')
  expect(workspace.isOpening).toBe(false)
})

it('gives every run a name of its own, before it is opened and after', async () => {
  const library = useLibrary()
  engine.connect()
  await vi.waitFor(() => expect(library.isRead).toBe(true))
  const names = useRunNames()
  const all = library.listings.map(({ folder }) => names.of(folder))
  expect(new Set(all).size).toBe(12)
  const { folder } = library.listings[0]!
  expect(nameOf(await useRuns().load(folder))).toBe(names.of(folder))

  await library.annotate(new Map([[folder, { title: 'The good one', tags: [], text: '' }]]))
  expect(names.of(folder)).toBe('The good one')
  expect(nameOf(useRuns().open.get(folder)!)).toBe('The good one')
  await library.trash([folder])
  expect(names.of(folder)).toBeUndefined()
})

it('shows what the index of a large library says, and corrects it as soon as it is checked', async () => {
  const past = await engine.request('listRuns', { library: '' })
  const [gone, changed, ...same] = past.runs
  const stale = { ...changed!, notes: { tags: [], text: '', title: 'as it was' } }
  let check: () => void = () => undefined
  const checked = new Promise<void>((resolve) => (check = resolve))
  engine = createFakeEngine({
    answers: {
      recallRuns: () => recalled([gone!, stale, ...same]),
      listRuns: () =>
        checked.then(() => ({
          revision: 'b',
          runs: [changed!],
          gone: [gone!.folder],
          problems: [],
        })),
    },
  })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  await useSettings().load()
  const library = useLibrary()
  engine.connect()
  await vi.waitFor(() => expect(library.listings).toHaveLength(12))
  expect(library.isChecked).toBe(false)
  expect(library.listings[1]!.notes.title).toBe('as it was')
  const kept = library.listings[2]!

  check()
  await vi.waitFor(() => expect(library.isChecked).toBe(true))
  expect(engine.asked).toContainEqual({
    name: 'listRuns',
    argument: { library: useSettings().library, known: 'a' },
  })
  expect(library.listings).toHaveLength(11)
  expect(library.listings.map(({ notes }) => notes.title)).not.toContain('as it was')
  expect(library.listings.find(({ folder }) => folder === kept.folder)).toBe(kept)
})

it('reads the folders where the index makes no sense', async () => {
  engine = createFakeEngine({
    pastRuns: 3,
    answers: { recallRuns: () => ({ ...recalled([]), rows: new TextEncoder().encode('[]') }) },
  })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  await useSettings().load()
  const library = useLibrary()
  engine.connect()
  await vi.waitFor(() => expect(library.isChecked).toBe(true))
  expect(library.listings).toHaveLength(3)
})

it('shows no run of a library that was left while it was read', async () => {
  const { runs } = await engine.request('listRuns', { library: '' })
  let answer: () => void = () => undefined
  const slow = new Promise<void>((resolve) => (answer = resolve))
  engine = createFakeEngine({
    answers: {
      listRuns: async ({ library }) => {
        if (library === '/other') return { revision: 'b', runs: [runs[0]!], problems: [] }
        await slow
        return { revision: 'a', runs, problems: [] }
      },
    },
  })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell({ chooseToOpen: () => '/other' }))
  useEngine().connect()
  const settings = useSettings()
  await settings.load()
  const library = useLibrary()
  engine.connect()
  await vi.waitFor(() => expect(engine.asked.at(-1)?.name).toBe('listRuns'))
  await settings.chooseLibrary()
  await nextTick()
  answer()
  await vi.waitFor(() => expect(library.isChecked).toBe(true))
  expect(library.listings).toEqual([runs[0]])
})

/** As an index holds them, no two with a part in common. */
function recalled(runs: readonly RunListing[]): RecalledLibrary {
  const packed = (objects: readonly object[]) => ({
    shapes: objects.map((whole) => {
      const keys = Object.keys(whole)
      return { keys, isPart: keys.map(() => false) }
    }),
    parts: [],
    objects: objects.map((whole, at) => [at, ...(Object.values(whole) as unknown[])]),
  })
  const rows = {
    names: runs.map(({ folder }) => folder.slice('/runs/'.length)),
    records: packed(runs.map(({ record }) => record)),
    configs: packed(runs.map(({ config }) => config)),
    notes: packed(runs.map(({ notes }) => notes)),
  }
  return {
    revision: 'a',
    within: '/runs/',
    rows: new TextEncoder().encode(JSON.stringify(rows)),
  }
}

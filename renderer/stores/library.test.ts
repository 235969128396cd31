/** The library over a fake engine: what is there after a start, and what its runs are called. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, expect, it, vi } from 'vitest'
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

  await library.annotate(folder, { title: 'The good one', tags: [], text: '' })
  expect(names.of(folder)).toBe('The good one')
  expect(nameOf(useRuns().open.get(folder)!)).toBe('The good one')
  await library.trash([folder])
  expect(names.of(folder)).toBeUndefined()
})

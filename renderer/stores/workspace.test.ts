/** Which run is on screen, and which stay open: the live, those on screen, a few at hand. */
import { createPinia, setActivePinia } from 'pinia'
import { expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { createFakeEngine } from '../testing/fakeEngine.ts'
import { fakeConfig } from '../testing/fakeConfigs.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useEngine } from './engine.ts'
import { useLibrary } from './library.ts'
import { setPorts } from './ports.ts'
import { useRuns } from './runs.ts'
import { useSettings } from './settings.ts'
import { keptAtHand, useWorkspace } from './workspace.ts'

it('forgets ended runs that no view shows, the oldest first, and reads them again when asked', async () => {
  setActivePinia(createPinia())
  const engine = createFakeEngine({ roundMs: 0, pastRuns: 40 })
  setPorts(engine, createFakeShell())
  const runs = useRuns()
  runs.connect()
  const workspace = useWorkspace()
  const past = [...engine.runs.keys()]
  const live = (await runs.start(fakeConfig()))!
  await workspace.openRun(past[0]!)
  workspace.compared = [past[1]!, past[2]!]
  for (const folder of past) await runs.load(folder)
  await nextTick()
  const atHand = past.slice(-keptAtHand)
  expect(new Set(runs.open.keys())).toEqual(new Set([live, past[0], past[1], past[2], ...atHand]))

  await workspace.openRun(past[5]!)
  expect(workspace.currentRun?.series.length).toBe(300)
  await nextTick()
  expect(runs.open.size).toBeLessThanOrEqual(keptAtHand + 4)
})

it('reads a past run as its folder is now, and a live one as it has heard of it', async () => {
  setActivePinia(createPinia())
  const engine = createFakeEngine({ roundMs: 0, pastRuns: 1 })
  setPorts(engine, createFakeShell())
  const runs = useRuns()
  runs.connect()
  const workspace = useWorkspace()
  const [past] = [...engine.runs.keys()]
  const live = (await runs.start(fakeConfig()))!
  const readings = () => engine.asked.filter(({ name }) => name === 'readRun').length
  await runs.load(past!)
  const before = readings()
  await workspace.openRun(past!)
  expect(readings()).toBe(before + 1)
  await workspace.openRun(live)
  expect(readings()).toBe(before + 1)
})

/** What comes, comes; how fast depends on what else the machine does. */
const patience = { timeout: 20_000 }

it('shows a run that begins where none is on screen, and after a deletion the newest that is left', async () => {
  setActivePinia(createPinia())
  const engine = createFakeEngine({ roundMs: 0, pastRuns: 0 })
  setPorts(engine, createFakeShell())
  useEngine().connect()
  const runs = useRuns()
  runs.connect()
  await useSettings().load()
  const workspace = useWorkspace()
  engine.connect()
  await vi.waitFor(() => expect(workspace.isOpening).toBe(false), patience)
  const first = await runs.start(fakeConfig({ seed: 1 }))
  await vi.waitFor(() => expect(workspace.currentFolder).toBe(first), patience)
  const second = await runs.start(fakeConfig({ seed: 2 }))
  await nextTick()
  expect(workspace.currentFolder, 'a second one takes no place').toBe(first)

  for (const run of engine.runs.values()) run.end('finished')
  const library = useLibrary()
  await library.read()
  await library.trash([first!])
  await vi.waitFor(() => expect(workspace.currentFolder).toBe(second), patience)
})

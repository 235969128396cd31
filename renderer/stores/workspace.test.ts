/** Which runs stay open: those that live, those that a view shows, and a few at hand. */
import { createPinia, setActivePinia } from 'pinia'
import { expect, it } from 'vitest'
import { nextTick } from 'vue'
import { createFakeEngine } from '../testing/fakeEngine.ts'
import { fakeConfig } from '../testing/fakeConfigs.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { setPorts } from './ports.ts'
import { useRuns } from './runs.ts'
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

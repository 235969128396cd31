/** Many runs come in few turns, as all statistics of a comparison are made anew with each. */
import { createPinia, setActivePinia } from 'pinia'
import { expect, it, vi } from 'vitest'
import { effectScope, watch } from 'vue'
import { useEngine } from '../../stores/engine.ts'
import { useLibrary } from '../../stores/library.ts'
import { setPorts } from '../../stores/ports.ts'
import { useRunNames } from '../../stores/runNames.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSettings } from '../../stores/settings.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { createFakeEngine } from '../../testing/fakeEngine.ts'
import { createFakeShell } from '../../testing/fakeShell.ts'
import { useComparedRuns } from './useComparedRuns.ts'

it('shows hundreds of runs in few turns, says why one can’t be read, and renames none', async () => {
  const engine = createFakeEngine({ roundMs: 0, pastRuns: 60 })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  useRuns().connect()
  await useSettings().load()
  const library = useLibrary()
  engine.connect()
  await vi.waitFor(() => expect(library.isRead).toBe(true))
  const names = useRunNames()
  let turns = 0
  let renamed = 0
  const scope = effectScope()
  const compared = scope.run(() => {
    const own = useComparedRuns()
    watch(own.runs, () => turns++)
    watch(
      () => library.listings.map(({ folder }) => names.of(folder)),
      () => renamed++,
    )
    return own
  })!
  const folders = library.listings.map(({ folder }) => folder)
  useWorkspace().compare([...folders, '/runs/gone'])
  await vi.waitFor(() => expect(compared.unread.value).toBe(0))
  expect(compared.runs.value).toHaveLength(60)
  expect(compared.missing.value.get('/runs/gone')).toBeDefined()
  expect(turns).toBeLessThan(10)
  expect(renamed).toBe(0)
  scope.stop()
})

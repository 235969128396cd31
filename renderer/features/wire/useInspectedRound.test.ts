/** A round that takes longer to read than the next takes to come is shown all the same. */
import { createPinia, setActivePinia } from 'pinia'
import { expect, it, vi } from 'vitest'
import { effectScope, ref } from 'vue'
import type { InspectedMessage } from '../../../core/engine/index.ts'
import { useEngine } from '../../stores/engine.ts'
import { useLibrary } from '../../stores/library.ts'
import { setPorts } from '../../stores/ports.ts'
import { useRuns } from '../../stores/runs.ts'
import { useSettings } from '../../stores/settings.ts'
import { useWorkspace } from '../../stores/workspace.ts'
import { createFakeEngine } from '../../testing/fakeEngine.ts'
import { createFakeShell } from '../../testing/fakeShell.ts'
import { useInspectedRound } from './useInspectedRound.ts'

it('asks for one round at a time, and shows what comes, however late', async () => {
  const answers: ((messages: InspectedMessage[]) => void)[] = []
  const inspectRound = () =>
    new Promise<InspectedMessage[]>((resolve) => {
      answers.push(resolve)
    })
  const engine = createFakeEngine({ roundMs: 0, pastRuns: 1, answers: { inspectRound } })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  useRuns().connect()
  await useSettings().load()
  const workspace = useWorkspace()
  const library = useLibrary()
  engine.connect()
  await vi.waitFor(() => expect(library.isRead).toBe(true))
  vi.useFakeTimers()
  const scope = effectScope()
  const { run, shownRound } = scope.run(() => useInspectedRound(ref(true)))!
  await vi.waitFor(() => expect(run.value?.rounds).toBeGreaterThan(0))
  await vi.waitFor(() => expect(answers).toHaveLength(1))
  const first = run.value!.rounds

  for (let round = 0; round < 10; round++) {
    run.value!.rounds++
    await vi.advanceTimersByTimeAsync(600)
  }
  expect(answers).toHaveLength(1)
  answers[0]!([])
  await vi.advanceTimersByTimeAsync(600)
  expect(shownRound.value).toBe(first - 1)
  expect(answers).toHaveLength(2)
  answers[1]!([])
  await vi.advanceTimersByTimeAsync(600)
  expect(shownRound.value).toBe(first + 9)
  expect(workspace.inspectedRound).toBeUndefined()
  scope.stop()
  vi.useRealTimers()
})

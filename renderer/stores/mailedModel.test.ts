/**
 * A mailed model over a fake engine: how far its rebuilding is, and Try, until another run is
 * shown.
 */
import { createPinia, setActivePinia } from 'pinia'
import { nextTick } from 'vue'
import { expect, it } from 'vitest'
import type { RebuiltFile, RunFileReport } from '../../core/engine/index.ts'
import { createFakeEngine } from '../testing/fakeEngine.ts'
import { fakeConfig } from '../testing/fakeConfigs.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useEngine } from './engine.ts'
import { useMailedModel } from './mailedModel.ts'
import { setPorts } from './ports.ts'
import { useWorkspace } from './workspace.ts'

const report = { path: '/in/sent.hiso', config: fakeConfig(), rounds: 40 } as RunFileReport
const rebuilt: RebuiltFile = { rounds: 40, dim: 10, stateHash: '', isVerified: true, files: [] }

function begin(rebuildModel: () => Promise<RebuiltFile> = () => Promise.resolve(rebuilt)) {
  const engine = createFakeEngine({ pastRuns: 1, answers: { rebuildModel } })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  engine.connect()
  const store = useMailedModel()
  store.show(report)
  return { engine, store }
}

it('follows the rebuilding of its own file, and forgets how far the last one was', async () => {
  let resolve!: (answer: RebuiltFile) => void
  const { engine, store } = begin(() => new Promise((settle) => (resolve = settle)))
  const saving = store.save()
  expect(store.progress).toBeUndefined()
  const progress = { rounds: 10, totalRounds: 40, msLeft: 3000 }
  engine.tell(
    { rebuilt: report.path, progress },
    { rebuilt: '/in/other.hiso', progress: { ...progress, rounds: 39 } },
  )
  expect(store.progress).toEqual(progress)
  resolve(rebuilt)
  await saving
  expect(store.isBusy).toBe(false)
  expect(store.progress).toMatchObject({ rounds: 40, totalRounds: 40 })
  const again = store.save()
  expect(store.progress).toBeUndefined()
  resolve(rebuilt)
  await again
})

it('is what Try asks, until another run is shown', async () => {
  const { engine, store } = begin()
  const workspace = useWorkspace()
  workspace.dialog = 'mailedModel'
  store.base = '/models/base'
  store.tryOut()
  expect(store.tried).toEqual({ report, base: '/models/base' })
  expect(workspace).toMatchObject({ view: 'try', dialog: undefined })
  await workspace.openRun([...engine.runs.keys()][0]!)
  await nextTick()
  expect(store.tried).toBeUndefined()
})

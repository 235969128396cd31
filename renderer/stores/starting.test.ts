/** Starting over a fake engine: one press is one run. */
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { presets, startOf } from '../config/presets.ts'
import { createFakeEngine, type FakeEngine } from '../testing/fakeEngine.ts'
import { createFakeShell } from '../testing/fakeShell.ts'
import { useDraft } from './draft.ts'
import { useEngine } from './engine.ts'
import { useNotices } from './notices.ts'
import { setPorts } from './ports.ts'
import { useRuns } from './runs.ts'
import { useStarting } from './starting.ts'
import { useWorkspace } from './workspace.ts'

let engine: FakeEngine
let clock = 0

beforeEach(() => {
  clock = 0
  vi.spyOn(performance, 'now').mockImplementation(() => clock)
  engine = createFakeEngine({ roundMs: 0 })
  setActivePinia(createPinia())
  setPorts(engine, createFakeShell())
  useEngine().connect()
  useRuns().connect()
  engine.connect()
})
const started = () => engine.asked.filter(({ name }) => name === 'startRun')

describe('Run', () => {
  it('starts one run when it is pressed twice, at once or as a double click', async () => {
    const { start } = useStarting()
    await Promise.all([start(), start()])
    clock += 200
    await start()
    expect(started()).toHaveLength(1)
    expect(useWorkspace().view).toBe('watch')
  })

  it('says so where that is running already, and starts it once more only when asked to', async () => {
    const { start } = useStarting()
    await start()
    clock += 5000
    await start()
    expect(started()).toHaveLength(1)
    const [notice] = useNotices().list
    expect(notice!.title).toContain('is running already')
    await notice!.action!.run()
    expect(started()).toHaveLength(2)
  })

  it('says so only as long as it is running', async () => {
    const { start } = useStarting()
    await start()
    clock += 5000
    await start()
    expect(useNotices().list).toHaveLength(1)
    useRuns().live[0]!.state = 'stopped'
    await nextTick()
    expect(useNotices().list).toHaveLength(0)
  })

  it('plays what a preset names beside its config, and asks before it does so twice', async () => {
    const { start } = useStarting()
    const preset = presets.find(({ name }) => name === 'three-ways')!
    useDraft().begin(startOf(preset)!)
    await Promise.all([start(), start()])
    expect(started()).toHaveLength(3)
    expect(useWorkspace().compared).toHaveLength(3)
    clock += 5000
    await start()
    expect(started()).toHaveLength(3)
    expect(useNotices().list[0]!.title).toBe('3 of these 3 runs are running already')
  })

  it('plays one alone where that is chosen', async () => {
    const draft = useDraft()
    draft.begin(startOf(presets.find(({ name }) => name === 'three-ways')!)!)
    draft.isAlone = true
    await useStarting().start()
    expect(started()).toHaveLength(1)
  })

  it('starts a run that waits before its first round', async () => {
    await useStarting().start(true)
    expect(started()[0]!.argument).toMatchObject({ isPaused: true })
  })
})
